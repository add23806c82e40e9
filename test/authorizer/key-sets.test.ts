import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { tokenVerifier } from "../../lambdas/authorizer/token-verifier.ts";
import { type Config, configSchema } from "../../lib/config/schema.ts";
import { type KeyPair, listed, rsa, seconds, serving, signed, startIssuer } from "./support/issuer.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const config = configSchema.parse(parse(readFileSync("config/gateway.yaml", "utf8")));
const [first, second] = [rsa(), rsa()];

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let now: number;
let problems: string[];
let verifier: ReturnType<typeof tokenVerifier>;

/** A verifier whose key sets age by a clock of the test's; tokens live by the real one. */
function verifierFor(change: Partial<Config["identity"]["issuers"][number]> = {}) {
  const [people] = config.identity.issuers;
  if (people === undefined) throw new Error("no issuer is configured");
  const issuers = [{ ...people, issuer: issuer.url, jwksUri: `${issuer.url}/jwks`, ...change }];
  return tokenVerifier(
    { ...config, identity: { issuers } },
    {
      now: () => now,
      failed: ({ name }, cause) => problems.push(`${name}: ${cause instanceof Error ? cause.message : ""}`),
    },
  );
}

beforeEach(async () => {
  issuer = await startIssuer(serving(await listed(first, "k1")));
  now = 1e12;
  problems = [];
  verifier = verifierFor();
});
afterEach(() => issuer.stop());

const token = ({ privateKey }: KeyPair = first, kid = "k1") =>
  signed(
    { iss: issuer.url, aud: "https://countersign.example.com", sub: "u1", iat: seconds(), exp: seconds() + 600 },
    privateKey,
    { kid },
  );
const ARRIVAL = { stage: "live" };
const verify = async (key?: KeyPair, kid?: string) =>
  (await verifier.verify(await token(key, kid), ARRIVAL)).principal.id;
const down: RequestListener = (_, response) => void response.writeHead(503).end();
const refused = (fault: string) => expect.objectContaining({ name: "TokenRefused", fault });
const unavailable = expect.objectContaining({ name: "KeysUnavailable", issuer: "company" });

describe("keys by URL", () => {
  test("are fetched once for tokens that come together, and kept for an hour", async () => {
    await Promise.all([verify(), verify(), verify()]);
    now += HOUR;
    await verify();
    expect(issuer.state.asked).toBe(1);
    now += 1;
    await verify();
    expect(issuer.state.asked).toBe(2);
  });

  test("are not looked for when the token is none, or of nobody that is configured", async () => {
    await expect(verifier.verify("garbage", ARRIVAL)).rejects.toEqual(refused("malformed"));
    const stranger = await signed({ iss: "https://issuer.example.com" }, first.privateKey);
    await expect(verifier.verify(stranger, ARRIVAL)).rejects.toEqual(refused("issuer"));
    expect(issuer.state.asked).toBe(0);
  });

  test("a new key is found at once", async () => {
    await verify();
    now += MINUTE;
    issuer.state.answer = serving(await listed(first, "k1"), await listed(second, "k2"));
    expect(await verify(second, "k2")).toBe("company|u1");
    expect(issuer.state.asked).toBe(2);
  });

  test("tokens with made-up ids make it ask once in ten seconds, however many come", async () => {
    await verify();
    now += MINUTE;
    for (let at = 0; at < 200; at += 1) await expect(verify(second, `made-up-${at}`)).rejects.toEqual(refused("key"));
    expect(issuer.state.asked).toBe(2);
    now += 10_000;
    await expect(verify(second, "made-up")).rejects.toEqual(refused("key"));
    expect(issuer.state.asked).toBe(3);
    expect(await verify()).toBe("company|u1");
  });

  test("a key that was taken back is refused after an hour at most", async () => {
    await verify();
    issuer.state.answer = serving(await listed(second, "k2"));
    now += HOUR + 1;
    await expect(verify()).rejects.toEqual(refused("key"));
  });

  test("an id that comes back with another key means the new key alone", async () => {
    await verify();
    issuer.state.answer = serving(await listed(second, "k1"));
    now += HOUR + 1;
    await expect(verify(first)).rejects.toEqual(refused("signature"));
    expect(await verify(second)).toBe("company|u1");
  });
});

describe("an issuer that is down", () => {
  test("is served from the kept keys for a day, and no longer", async () => {
    await verify();
    issuer.state.answer = down;
    now += 24 * HOUR;
    expect(await verify()).toBe("company|u1");
    now += 11_000;
    await expect(verify()).rejects.toEqual(unavailable);
    expect(problems).toEqual(["company: the key set answered HTTP 503", "company: the key set answered HTTP 503"]);
  });

  test("is asked once in ten seconds while it is down", async () => {
    await verify();
    issuer.state.answer = down;
    now += 2 * HOUR;
    for (let at = 0; at < 50; at += 1) await verify();
    expect(issuer.state.asked).toBe(2);
  });

  test("says nothing against a key that it may have made meanwhile: that is not the client's fault", async () => {
    await verify();
    issuer.state.answer = down;
    now += 2 * HOUR;
    await expect(verify(second, "k2")).rejects.toEqual(unavailable);
  });

  test("of which nothing is known lets nobody in and refuses nobody: it is not a 401", async () => {
    issuer.state.answer = down;
    await expect(verify()).rejects.toEqual(unavailable);
    await expect(verify()).rejects.toEqual(unavailable);
    expect(issuer.state.asked).toBe(1);
    issuer.state.answer = serving(await listed(first, "k1"));
    now += 10_000;
    expect(await verify()).toBe("company|u1");
  });

  test("that is slow is given up after three seconds", { timeout: 10_000 }, async () => {
    issuer.state.answer = () => undefined;
    const began = performance.now();
    await expect(verify()).rejects.toEqual(unavailable);
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test("that stops in the middle is given up as well", { timeout: 10_000 }, async () => {
    issuer.state.answer = (_, response) => void response.write('{"keys":[');
    await expect(verify()).rejects.toEqual(unavailable);
  });
});

describe("an issuer that serves something else", () => {
  const answers: [string, RequestListener][] = [
    ["a page", (_, response) => void response.end("<html>Sign in</html>")],
    ["nothing", (_, response) => void response.end()],
    ["no set", (_, response) => void response.end('{"error":"not found"}')],
    ["keys that are no list", (_, response) => void response.end('{"keys":{"k1":{}}}')],
    ["an empty set", serving()],
    ["a set of a symmetric key", serving({ kty: "oct", k: "c2VjcmV0", kid: "k1" })],
    ["a set of a broken key", serving({ kty: "RSA", n: "AQAB", kid: "k1" })],
    ["a redirect", (_, response) => void response.writeHead(302, { location: "http://127.0.0.1:9/jwks" }).end()],
    ["a redirect to itself", (_, response) => void response.writeHead(307, { location: "/jwks" }).end()],
    [
      "bytes without end",
      (_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20)));
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
    ],
    ["bytes that are no text", (_, response) => void response.end(Buffer.from([0xff, 0xfe, 0x00]))],
  ];
  test.each(answers)(
    "%s: the keys it served before stay, and without any nobody is refused for it",
    async (_, answer) => {
      await verify();
      issuer.state.answer = answer;
      now += 2 * HOUR;
      expect(await verify()).toBe("company|u1");
      expect(problems).toHaveLength(1);
      verifier = verifierFor();
      await expect(verify()).rejects.toEqual(unavailable);
    },
  );

  test("one odd key beside a good one harms nobody", async () => {
    issuer.state.answer = serving({ kty: "RSA", kid: "odd" }, { kty: "XYZ" }, await listed(first, "k1"));
    expect(await verify()).toBe("company|u1");
  });
});

test("keys that stand in the configuration are used without asking anybody, and never grow old", async () => {
  const keys = [await listed(first, "k1")] as { kty: "RSA"; kid: string }[];
  verifier = verifierFor({ jwksUri: null, jwks: { keys } });
  expect(await verify()).toBe("company|u1");
  now += 1000 * HOUR;
  expect(await verify()).toBe("company|u1");
  await expect(verify(second, "k2")).rejects.toEqual(refused("key"));
  await expect(verify(second, "k1")).rejects.toEqual(refused("signature"));
  expect(issuer.state.asked).toBe(0);
});
