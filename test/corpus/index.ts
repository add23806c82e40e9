import { CARRIERS } from "./carriers.ts";
import { HARMLESS } from "./harmless.ts";
import { NAMED_CREDENTIALS } from "./named.ts";
import { PERSONAL } from "./persons.ts";
import { randomOf } from "./random.ts";
import type { Part, Sample } from "./sample.ts";
import { TOKENS } from "./tokens.ts";

export type { Part, Sample } from "./sample.ts";

/** Labelled samples for every kind, several each, in carriers of both parts; the same on every run (test/quality/masking.test.ts). */
export function positives(part: Part): Sample[] {
  const random = randomOf(part === "dev" ? 20261121 : 77007);
  const samples: Sample[] = [];
  const add = (kind: string, text: string, secret: string) =>
    samples.push({ id: `${part}/${kind}/${samples.length}`, kind, text: place(text, secret), secret });
  let turn = 0;
  for (const [kind, patterns] of Object.entries(TOKENS))
    for (let at = 0; at < Math.max(2, patterns.length); at += 1) {
      const carriers = CARRIERS[part];
      add(kind, carriers[turn % carriers.length] ?? "@@", random.fill(patterns[at % patterns.length] ?? ""));
      turn += 1;
    }
  for (const [kind, { values, texts }] of Object.entries(NAMED_CREDENTIALS))
    for (const text of texts[part]) add(kind, text, random.fill(random.pick(values)));
  for (const user of ["aladdin", "svc"]) {
    const pair = Buffer.from(`${user}:${random.fill("{A10}")}`).toString("base64");
    add("BASIC_AUTH", part === "dev" ? "Authorization: Basic @@" : '{"Authorization":"Basic @@"}', pair);
    add(
      "REGISTRY_AUTH",
      part === "dev" ? '{"auths":{"r.example.com":{"auth":"@@"}}}' : "//r.example.com/:_auth=@@",
      pair,
    );
  }
  for (let at = 0; at < 3; at += 1) {
    const piece = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    add(
      "JWT",
      CARRIERS[part][at] ?? "@@",
      `${piece({ alg: "HS256", typ: "JWT" })}.${piece({ sub: random.fill("{D10}") })}.${random.fill("{W43}")}`,
    );
  }
  for (const [kind, { make, texts }] of Object.entries(PERSONAL))
    for (const text of [...texts[part], ...(texts[part].length < 4 ? [] : texts[part])])
      add(kind, text, make(random, part));
  return samples;
}

/** Where an `@` of the text itself follows the place, as in addresses: `ada:@@@host`. */
const place = (text: string, secret: string) =>
  text.replaceAll("@@@", () => `${secret}@`).replaceAll("@@", () => secret);

/** Texts in which nothing may be masked. */
export function negatives(part: Part): Sample[] {
  const random = randomOf(part === "dev" ? 4711 : 815);
  return Object.entries(HARMLESS).flatMap(([kind, parts]) =>
    parts[part].flatMap((pattern, at) =>
      // Texts without a random part are one text, however often.
      Array.from({ length: /\{[A-Z][0-9]+\}/.test(pattern) ? 6 : 1 }, (_unused, draw) => ({
        id: `${part}/${kind}/${at}.${draw}`,
        kind,
        text: random.fill(pattern),
      })),
    ),
  );
}
