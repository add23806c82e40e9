import { expect, test } from "vitest";
import { policySuite } from "../../bench/suites/policy/suite.ts";

test("the policy suite runs, and each of its metrics is a number", async () => {
  const metrics = await policySuite.run("smoke", () => undefined);
  const names = metrics.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(metrics.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  const [first] = metrics;
  expect(first).toMatchObject({ name: expect.stringContaining("100 policies, 10 KB"), target: 0.3, unit: "ms" });
});
