import { describe, expect, test } from "vitest";
import { RULES } from "../../lambdas/domain/masking/rules/index.ts";
import { negatives, positives } from "../corpus/index.ts";
import { outsiderTexts } from "../corpus/outsider.ts";
import { measure, shortfalls } from "./measure.ts";
import { measureOutsider } from "./outsider.ts";

test("the corpus holds at least 400 positives and 400 harmless texts", () => {
  expect(positives("dev").length + positives("held-out").length).toBeGreaterThanOrEqual(400);
  expect(negatives("dev").length + negatives("held-out").length).toBeGreaterThanOrEqual(400);
});

test("every kind has labelled samples, in both parts and at least three, and no two are the same", () => {
  const parts = (["dev", "held-out"] as const).map((part) => Map.groupBy(positives(part), ({ kind }) => kind));
  const few = RULES.filter(({ kind }) => {
    const samples = parts.map((part) => part.get(kind) ?? []);
    return samples.some(({ length }) => length === 0) || new Set(samples.flat().map(({ text }) => text)).size < 3;
  });
  expect(few.map(({ kind }) => kind)).toEqual([]);
});

test.each(["dev", "held-out"] as const)("every secret of the %s part stands in its text", (part) => {
  for (const { id, text, secret = "" } of positives(part))
    expect(text.includes(secret) && secret !== "", id).toBe(true);
});

describe.each(["dev", "held-out"] as const)("on the %s part", (part) => {
  test("masking reaches its targets of recall and precision", () => {
    expect(shortfalls(measure(part))).toEqual([]);
  });
});

describe("on the outsider's set", () => {
  test("no secret is marked by halves", () => {
    for (const { id, text, secrets } of outsiderTexts()) {
      expect(text, id).not.toMatch(/[⟦⟧⏎]/);
      for (const { start, end } of secrets) expect(end, id).toBeGreaterThan(start);
    }
  });

  test("masking reaches its targets of recall and precision", () => {
    expect(shortfalls(measureOutsider())).toEqual([]);
  });
});
