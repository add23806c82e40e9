import { expect, test } from "vitest";
import { KINDS, RULES } from "../../lambdas/domain/masking/rules/index.ts";
import { ConfigError } from "../../lib/config/load.ts";
import { parseMasking } from "../../lib/config/masking.ts";

const parse = (text: string) => parseMasking(`${text}\nallow: []\nown: []`, "masking.yaml");
const problems = (text: string) => {
  try {
    parseMasking(text, "masking.yaml");
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

test("the two sets together are every kind", () => {
  expect(parse("rules: [credentials, personal]").rules).toEqual(KINDS);
});

test("a set stands for the kinds of its family, single kinds come in and out", () => {
  const personal = RULES.filter((rule) => rule.family === "personal").map((rule) => rule.kind);
  expect(parse("rules: [personal]").rules).toEqual(personal);
  expect(parse("rules: [personal, JWT]\nwithout: [IP_ADDRESS]").rules).toEqual([
    "JWT",
    ...personal.filter((kind) => kind !== "IP_ADDRESS"),
  ]);
});

test("the order of the file does not change the order of preference", () => {
  expect(parse("rules: [SECRET, JWT]").rules).toEqual(parse("rules: [JWT, SECRET]").rules);
});

test.each<[string, RegExp]>([
  [
    "rules: [persons]\nallow: []\nown: []",
    /^masking\.yaml:1: rules\[0\]: found "persons", allowed: credentials, personal,/,
  ],
  [
    "rules: [JWT]\nwithout: [IBAN]\nallow: []\nown: []",
    /^masking\.yaml:2: without\[0\]: found "IBAN", allowed: a kind that `rules` chooses/,
  ],
  [
    "rules: [JWT]\nallow:\n  - { kind: NOPE, value: x }\nown: []",
    /^masking\.yaml:3: allow\[0\]\.kind: found "NOPE", allowed: the kind of a shipped rule/,
  ],
  [
    "rules: [JWT]\nallow:\n  - { kind: JWT, value: '.*' }\nown: []",
    /allow\[0\]\.value: found "\.\*", allowed: an expression that does not allow everything/,
  ],
  [
    "rules: [JWT]\nallow: []\nown: [{ kind: A1, pattern: 'E-[0-9]' }, { kind: A1, pattern: 'F-[0-9]' }]",
    /own\[1\]\.kind: found "A1", allowed: a kind that is given once/,
  ],
  [
    "rules: [JWT]\nallow: []\nown: [{ kind: A1, pattern: '[^]' }]",
    /own\[0\]\.pattern: found "\[\^\]", allowed: an expression that does not match everything/,
  ],
])("%j is refused with its place", (text, expected) => {
  expect(problems(text)[0]).toMatch(expected);
});
