import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findNear } from "../../../lambdas/domain/masking/near.ts";
import type { Span } from "../../../lambdas/domain/masking/rule.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import { compileSigns } from "../../../lambdas/domain/masking/signs.ts";

const sorted = (spans: readonly Span[]) => [
  ...new Set(spans.toSorted((a, b) => a.start - b.start || a.end - b.end).map(({ start, end }) => `${start}-${end}`)),
];
const PROSE = readFileSync("docs/masking.md", "utf8");
const CODE = readFileSync("lambdas/domain/masking/signs.ts", "utf8");
/** Words without end are cut somewhere: the runs stay below that length, however many follow each other. */
const filler = fc.oneof(
  fc.record({ of: fc.constantFrom(PROSE, CODE), from: fc.nat(2000), length: fc.nat(6000) }),
  fc.record({ of: fc.constantFrom("1234 ", "ab1.", "x", " ", "\n"), from: fc.nat(9), length: fc.nat(150) }),
);
const written = filler.map(({ of, from, length }) =>
  of.repeat(Math.ceil((from + length) / of.length)).slice(from, from + length),
);

describe.each(RULES.filter((rule) => rule.reach !== undefined))("$kind", (rule) => {
  const signs = compileSigns([rule]);
  const near = (text: string) => findNear(rule, text, signs.places(text).get(0) ?? [], rule.reach ?? 0);
  const piece = fc.oneof(written, fc.constantFrom(...rule.examples.map(({ text }) => text), ...rule.counterExamples));

  test("is found near its signs as in the whole text", () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), fc.constantFrom("", " ", "\n"), (pieces, glue) => {
        const text = pieces.join(glue);
        expect(sorted(near(text))).toEqual(sorted(rule.find(text)));
      }),
      { numRuns: 40 },
    );
  });

  test("is found wherever in a long text it stands", () => {
    for (const { text, secret } of rule.examples)
      for (const length of [0, 1, rule.reach ?? 0, 5000]) {
        const long = `${"word ".repeat(length)}\n${text}\n${" word".repeat(length)}`;
        expect(near(long).map(({ start, end }) => long.slice(start, end))).toEqual([secret]);
      }
  });
});

test("what goes on to the end of what was looked at is seen whole", () => {
  const find = (text: string) =>
    [...text.matchAll(/key:[a-z]+/g)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
  const text = `${"- ".repeat(3000)}key:${"a".repeat(9000)} key:b`;
  const signs = compileSigns([
    {
      kind: "A",
      family: "credential",
      examples: [],
      counterExamples: [],
      signs: ["key:"],
      find,
    },
  ]);
  expect(sorted(findNear({ find }, text, signs.places(text).get(0) ?? [], 16))).toEqual(sorted(find(text)));
});
