import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import { kindsTable } from "../../quality/kinds-table.ts";

describe.each(RULES)("$kind", (rule) => {
  test.each(rule.examples)("finds exactly the secret: $text", ({ text, secret }) => {
    expect(rule.find(text).map(({ start, end }) => text.slice(start, end))).toEqual([secret]);
  });

  test.each(rule.examples)("shows its signs to the engine: $text", ({ text }) => {
    const low = text.toLowerCase();
    const shown =
      rule.signs?.some((sign) => low.includes(sign.toLowerCase())) === true ||
      (rule.digits !== undefined &&
        text
          .split(rule.unbroken ? /[A-Za-z]/ : "\0")
          .some((part) => part.replace(/[^0-9]/g, "").length >= (rule.digits ?? 0)));
    expect(shown).toBe(true);
  });

  test.each(rule.counterExamples.map((text) => [text]))("leaves alone: %s", (text) => {
    expect(rule.find(text)).toEqual([]);
  });

  test("does not find its own mask", () => {
    expect(rule.find(`[${rule.kind}]`)).toEqual([]);
  });

  test("takes time that grows no faster than the text", () => {
    for (const { text } of rule.examples) {
      const source = text.slice(0, -1).repeat(Math.ceil(60_000 / text.length));
      const started = performance.now();
      rule.find(source);
      expect(performance.now() - started).toBeLessThan(1500);
    }
  });
});

test("no two rules share a kind", () => {
  expect(new Set(RULES.map((rule) => rule.kind)).size).toBe(RULES.length);
});

test("docs/masking-kinds.md is what the rules say: npm run quality:masking -- --write-kinds", () => {
  expect(readFileSync("docs/masking-kinds.md", "utf8")).toBe(kindsTable());
});
