import { expect, test } from "vitest";
import { ConfigError } from "../../../lib/config/load.ts";
import { parseMasking } from "../../../lib/config/masking.ts";
import { parseRisks } from "../../../lib/config/risks.ts";

const problems = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

test.each<[string, RegExp]>([
  [
    "rules: [PASWORD]\nallow: []\nown: []",
    /^masking\.yaml:1: rules\[0\]: found "PASWORD", allowed: credentials, personal, AWS_ACCESS_KEY_ID, .*PASSWORD/,
  ],
  ["rules: []\nown: []", /^masking\.yaml:1: allow: /],
  [
    "rules: []\nallow: []\nown:\n  - { kind: X1, pattern: '(' }",
    /^masking\.yaml:4: own\[0\]\.pattern: found "\(", allowed: a regular expression/,
  ],
  [
    "rules: []\nallow: []\nown: [{ kind: X1, pattern: '.*' }]",
    /own\[0\]\.pattern: found "\.\*", allowed: an expression that does not match everything/,
  ],
  [
    "rules: []\nallow: []\nown: [{ kind: JWT, pattern: 'x' }]",
    /own\[0\]\.kind: found "JWT", allowed: a name that no shipped rule has/,
  ],
  [
    "rules: []\nallow: []\nown: [{ kind: X1, pattern: '(x+x+)+y' }]",
    /own\[0\]\.pattern: .*linear time \(this takes exponential time, as with /,
  ],
  ["rules: []\nallow: []\nown: []\nextra: 1", /extra/],
  ["rules: [", /^masking\.yaml:1: /],
])("masking: %j is refused with its place", (text, expected) => {
  expect(problems(() => parseMasking(text, "masking.yaml"))[0]).toMatch(expected);
});

test.each<[string, RegExp]>([
  ["risks: []", /^risks\.yaml:1: risks: /],
  [
    "risks:\n  - { risk: x, description: d }",
    /^risks\.yaml:2: risks\[0\]: found .*, allowed: an entry with an argument/,
  ],
  [
    "risks:\n  - { risk: x, description: d, argument: { pattern: '[' } }",
    /^risks\.yaml:2: risks\[0\]\.argument\.pattern: found "\[", allowed: a regular expression/,
  ],
  [
    "risks:\n  - { risk: x, description: d, argument: { pattern: '^(a+)+$' } }",
    /^risks\.yaml:2: risks\[0\]\.argument\.pattern: .*linear time \(this takes exponential time, as with '[aA]'/,
  ],
  [
    "risks:\n  - { risk: x, description: d, argument: { pattern: '\\w+x' } }",
    /argument\.pattern: .*this takes 2nd degree polynomial time/,
  ],
  [
    "risks:\n  - { risk: x, description: d, argument: { pattern: '(a+)\\1b' } }",
    /argument\.pattern: .*(?:can be proven to take|that takes) linear time/,
  ],
  [
    "risks:\n  - { risk: x, description: d, argument: { pattern: x, sql: [drop] } }",
    /risks\[0\]\.argument: .*one of pattern, shell and sql/,
  ],
  [
    "risks:\n  - { risk: Bad Name, description: d, where: { tool: x } }",
    /risks\[0\]\.risk: found "Bad Name", allowed: a lower-case label/,
  ],
  [
    "risks:\n  - { risk: x, description: d, argument: { pointer: bucket, pattern: x } }",
    /pointer: found "bucket", allowed: a JSON pointer/,
  ],
])("risks: %j is refused with its place", (text, expected) => {
  expect(problems(() => parseRisks(text, "risks.yaml"))[0]).toMatch(expected);
});
