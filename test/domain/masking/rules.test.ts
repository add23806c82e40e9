import { describe, expect, test } from "vitest";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";

describe.each(RULES)("$kind", (rule) => {
  test.each(rule.examples)("finds exactly the secret: $text", ({ text, secret }) => {
    expect(rule.find(text).map(({ start, end }) => text.slice(start, end))).toEqual([secret]);
    expect(rule.mayOccurIn(text)).toBe(true);
    expect(rule.mayOccurIn(JSON.stringify([JSON.stringify(text)]))).toBe(true);
  });

  test.each(rule.counterExamples.map((text) => [text]))("leaves alone: %s", (text) => {
    expect(rule.find(text)).toEqual([]);
  });

  test("does not find its own mask", () => {
    expect(rule.find(`[${rule.kind}]`)).toEqual([]);
  });
});

test("no two rules share a kind", () => {
  expect(new Set(RULES.map((rule) => rule.kind)).size).toBe(RULES.length);
});
