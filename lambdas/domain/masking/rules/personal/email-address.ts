import type { Rule, Span } from "../../rule.ts";

const LOCAL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const DOMAIN = /[\p{L}\p{N}.-]/u;
/** Punctuation that a local part may hold but that, at its start, belongs to the text around it. */
const LEADING = /^[.!#$%&'*+/=?^`{|}~-]+/;
const TOP_LEVEL = /^(?:[\p{L}]{2,63}|xn--[a-z0-9-]{2,59})$/iu;
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 253;

/** E-mail addresses, by hand from each `@` outwards: an expression would try every character as a beginning. */
export const emailAddress: Rule = {
  kind: "EMAIL_ADDRESS",
  family: "personal",
  signs: ["@"],
  examples: [
    { text: "mail ada@example.com.", secret: "ada@example.com" },
    { text: "Ada <ada.lovelace+math@maths.example.co.uk>", secret: "ada.lovelace+math@maths.example.co.uk" },
    { text: "mailto:jörg@müller.example", secret: "jörg@müller.example" },
    { text: "by=ada_l@example.org&x=1", secret: "ada_l@example.org" },
  ],
  counterExamples: [
    "npm i @types/node@24.1.0",
    "logo@2x.png",
    "git@github.com:org/repo.git",
    "user@localhost",
    "a @ b.com",
    "https://user@db.example.com/path",
    "@example.com",
    "ada@-example.com",
  ],
  reach: 640,
  find: (text) => {
    const spans: Span[] = [];
    for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
      const span = around(text, at);
      if (span) spans.push(span);
    }
    return spans;
  },
};

function around(text: string, at: number): Span | undefined {
  let start = at;
  while (start > 0 && at - start < LONGEST_LOCAL && LOCAL.test(text.charAt(start - 1))) start -= 1;
  const local = text.slice(start, at);
  // `by=ada@…`, `path/ada@…`: RFC 5322 admits these signs, mail systems do not give them out.
  // An apostrophe within a name, `o'neil@…`, is the name's; `'ada@…'` is a quote.
  const quoted = local.replaceAll(/(?<=\p{L})'(?=\p{L})/gu, "x");
  const separator = Math.max(...["=", "/", "?", "&", "'", "`", "|", "{", "}"].map((sign) => lastOf(quoted, sign)));
  start += separator + 1;
  start += LEADING.exec(text.slice(start, at))?.[0].length ?? 0;
  let end = at + 1;
  while (end < text.length && end - at <= LONGEST_DOMAIN && DOMAIN.test(text.charAt(end))) end += 1;
  while (end > at && (text.charAt(end - 1) === "." || text.charAt(end - 1) === "-")) end -= 1;
  if (start >= at || text.charAt(at - 1) === "." || !isDomain(text.slice(at + 1, end))) return undefined;
  if (text.charAt(end) === ":" && text.slice(start, at) === "git") return undefined;
  if (/:\/\/[^\s/@]{0,128}$/.test(text.slice(Math.max(0, start - 132), start))) return undefined;
  return { start, end };
}

/** The apostrophe of `o'brien` and `d'angelo` is part of the name. */
const lastOf = (local: string, sign: string) =>
  sign === "'" && /^[odl]'[a-z]{2}/i.test(local) ? -1 : local.lastIndexOf(sign);

function isDomain(domain: string): boolean {
  const labels = domain.split(".");
  const last = labels[labels.length - 1] ?? "";
  if (labels.length < 2 || !TOP_LEVEL.test(last) || /^[0-9]x$/.test(labels[0] ?? "")) return false;
  return labels.every((label) => label !== "" && !label.startsWith("-") && !label.endsWith("-"));
}
