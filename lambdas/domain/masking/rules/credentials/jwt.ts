import { type Rule, type Span, spansOf } from "../../rule.ts";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const SAMPLE = `${part({ alg: "RS256", typ: "JWT" })}.${part({ sub: "1234567890" })}.${"c2lnbmF0dXJlLW9mLW5vdGhpbmc"}`;
const UNSIGNED = `${part({ typ: "JWT", alg: "none" })}.${part({ sub: "x" })}.`;
/** Three parts when signed, five when encrypted. Anchored before the first part, or a long run of `eyJ` costs quadratic time. */
const EXPRESSION =
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+)?/g;

/** JSON Web Tokens, signed or encrypted: the first part must decode to a header with an algorithm. */
export const jwt: Rule = {
  kind: "JWT",
  family: "credential",
  signs: ["eyJ"],
  examples: [
    { text: `Bearer ${SAMPLE}`, secret: SAMPLE },
    { text: `?jwt=${SAMPLE}&x=1`, secret: SAMPLE },
    { text: UNSIGNED, secret: UNSIGNED },
  ],
  counterExamples: [`${part({ name: "not a header" })}.a.b`, part({ alg: "RS256" }), "eyJ.a.b", "keyJohn.first.last"],
  reach: 512,
  find: (text) => (text.includes("eyJ") ? spansOf(text, EXPRESSION).filter((span) => hasHeader(text, span)) : []),
};

function hasHeader(text: string, { start, end }: Span): boolean {
  const token = text.slice(start, end);
  const header = Buffer.from(token.slice(0, token.indexOf(".")), "base64url").toString("latin1");
  return header.startsWith('{"') && /"alg"\s*:/.test(header);
}
