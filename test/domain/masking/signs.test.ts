import { expect, test } from "vitest";
import type { Rule } from "../../../lambdas/domain/masking/rule.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import { compileSigns } from "../../../lambdas/domain/masking/signs.ts";

const rule = (kind: string, more: Partial<Rule>): Rule => ({
  kind,
  family: "credential",
  examples: [],
  counterExamples: [],
  find: () => [],
  ...more,
});
const signs = compileSigns([
  rule("WORD", { signs: ["token", "ok"] }),
  rule("EXACT", { signs: ["AB"] }),
  rule("DIGITS", { digits: 4 }),
  rule("ROW", { digits: 4, unbroken: true }),
]);
const seen = (text: string) => {
  signs.look(text, 0, text.length);
  return signs.seen();
};

test("signs are seen in any case, short capitals as they are", () => {
  expect([seen("a TOKEN"), seen("ab"), seen("xAB"), seen("tok en")]).toEqual([[0], [], [1], [0]]);
});

test("digits count with anything between them or as a number, as the rule says", () => {
  expect([seen("1a2a3a4"), seen("12-34"), seen("123")]).toEqual([[2], [2, 3], []]);
  expect(["12:34", "12,34", "12\n34", '12"34'].map(seen)).toEqual([[2], [2], [2], [2]]);
  expect(["(1) 2-3/4", "+1.2\u00a034", "12\\/34", "1\u201334 5"].map(seen)).toEqual([
    [2, 3],
    [2, 3],
    [2, 3],
    [2, 3],
  ]);
});

test("a date by itself is no number, unless it may be the beginning or the end of one", () => {
  expect(["2026-11-21T08:10:07", "on 2026-11-21 123"].map(seen)).toEqual([[2], [2]]);
  const numbers = ["+2026-11-21", "(2026-11-21", "2026-11-211", "1 2026-11-21", "2026-13-21", "2026-11-21 1234"];
  expect(numbers.map(seen)).toEqual(numbers.map(() => [2, 3]));
});

test("no character passes for another: every one but ASCII is itself alone", () => {
  for (let code = 128; code < 0x10000; code += 1) {
    const other = String.fromCharCode(code);
    const text = `${`${other} `.repeat(4)}t${other}ken ${other}${other}${other}${other}`;
    if (code % 97 === 0 || (code & 0xff) === 0x6f) expect(seen(text), code.toString(16)).toEqual([]);
    if (code % 4001 === 0) expect(seen(text.repeat(2000)), code.toString(16)).toEqual([]);
  }
});

test("a sign that is parted between two strings is seen, and where two readings of a long text meet", () => {
  const state = signs.look("a tok", 0, 5);
  signs.look("en b", 0, 4, state);
  expect(signs.seen()).toEqual([0]);
  for (let before = 16_370; before < 16_400; before += 1)
    expect(seen(`${"x".repeat(before)}AB`), `${before}`).toEqual([1]);
});

test("no rule has both signs and digits", () => {
  expect(RULES.filter((each) => each.signs !== undefined && each.digits !== undefined)).toEqual([]);
});
