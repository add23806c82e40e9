import { expect, test } from "vitest";
import { repeat } from "../../bench/load.ts";
import { median, quantile, slope } from "../../bench/measure.ts";
import { metric } from "../../bench/report.ts";
import { approvalsSuite } from "../../bench/suites/approvals/suite.ts";
import { evidenceSuite } from "../../bench/suites/evidence/suite.ts";
import { gatewaySuite } from "../../bench/suites/gateway/suite.ts";
import { identitySuite } from "../../bench/suites/identity/suite.ts";
import { maskingSuite } from "../../bench/suites/masking/suite.ts";

test("the gateway suite runs, and each of its metrics is a number", { timeout: 120_000 }, async () => {
  const metrics = await gatewaySuite.run("smoke", () => undefined);
  const names = metrics.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(metrics.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  expect(metrics.filter(({ target }) => target !== null).map(({ name, target, unit }) => [name, target, unit])).toEqual(
    [
      ["one at a time: added to the empty proxy, p50", 2, "ms"],
      ["one at a time: added to the empty proxy, p99", 10, "ms"],
      ["first byte of a stream: added to the empty proxy, p50", 3, "ms"],
      ["open loop at half of that: added to the empty proxy, p50", 4, "ms"],
      ["cold start: import to first answer", 400, "ms"],
      ["memory: resident after 100 calls", 200, "MiB"],
      ["memory: growth from 20 to 100 calls (fitted line)", 10, "MiB"],
    ],
  );
});

test("the approvals suite runs, and each of its metrics is a number", { timeout: 180_000 }, async () => {
  const metrics = await approvalsSuite.run("smoke", () => undefined);
  const names = metrics.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(metrics.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  expect(metrics.filter(({ target }) => target !== null).map(({ name, target, unit }) => [name, target, unit])).toEqual(
    [
      ["inbox: first page, p50", 1000, "ms"],
      ["reads per second of one waiting call", 0.55, "1/s"],
      ["one waiting call: requests that are no such read", 1, ""],
      ["4 waiting calls: reads of each", 0.55, "1/s"],
    ],
  );
});

test("the masking suite runs, and each of its metrics is a number", { timeout: 120_000 }, async () => {
  const metrics = await maskingSuite.run("smoke", () => undefined);
  expect(metrics.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  expect(metrics.filter(({ target }) => target !== null).map(({ name, target, unit }) => [name, target, unit])).toEqual(
    [
      ["clean JSON", 50, "MB/s"],
      ["JSON with a secret each kilobyte", 20, "MB/s"],
      ["linear: time for a byte, ten times the text over once", 1.5, ""],
      ["times as fast as secretlint's preset", 20, ""],
      ["memory: resident growth over a large text's own size", 3, ""],
    ],
  );
});

test("the identity suite runs, and each of its metrics is a number", { timeout: 60_000 }, async () => {
  const metrics = await identitySuite.run("smoke", () => undefined);
  expect(metrics.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  expect(metrics.filter(({ target }) => target !== null).map(({ name, target, unit }) => [name, target, unit])).toEqual(
    [
      ["a token with warm keys, p50", 1, "ms"],
      ["bundle: all that is deployed", 500, "KB"],
      ["cold start: import to first answer", 200, "ms"],
    ],
  );
});

test("so many calls are made, however many callers there are", async () => {
  let calls = 0;
  const count = async () => {
    calls += 1;
  };
  await repeat(count, 8, 3);
  expect(calls).toBe(3);
});

test("quantiles are interpolated", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.99)).toBeCloseTo(4.96);
  expect(quantile([], 0.5)).toBeNaN();
});

test("a slope is that of the fitted line", () => {
  expect(slope([0, 1, 2, 3].map((x) => ({ x, y: 5 + 2 * x })))).toBeCloseTo(2);
});

test.each([
  [1, 2, "lower", true],
  [2, 2, "lower", false],
  [3, 2, "higher", true],
  [Number.NaN, 2, "lower", false],
  [9, null, "lower", true],
] as const)("%d against %s, %s is better: %s", (value, target, better, pass) => {
  expect(metric("m", value, "ms", target, better).pass).toBe(pass);
});

test("the evidence suite runs, and each of its metrics is a number", { timeout: 120_000 }, async () => {
  const metrics = await evidenceSuite.run("smoke", () => undefined);
  const names = metrics.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(metrics.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  expect(metrics.filter(({ target }) => target !== null).map(({ target, unit }) => [target, unit])).toEqual([
    [0.4, "ms"],
    [2.5, "times"],
    [0.5, "ms"],
    [5000, "1/s"],
    [512, "MiB"],
    [2.6, "times"],
    [60, "MB/s"],
    [13, "times"],
    [400, "MiB"],
    [100, "MiB"],
  ]);
});
