import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusalMeter } from "../../../lambdas/domain/identity/refusal-meter.ts";

const MINUTE = 60_000;

describe("what a flood of refusals leaves", () => {
  test("the first ten of a source one by one, then each doubling", () => {
    const note = refusalMeter();
    const noted = Array.from({ length: 40 }, () => note("192.0.2.1", 0)).map((entry, at) => [at + 1, entry]);
    expect(noted.filter(([, entry]) => entry !== undefined)).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => [at, { kind: "single" }]),
      ...[16, 32].map((at) => [at, { kind: "sum", count: at, of: "source" }]),
    ]);
  });

  test("another source and another minute begin anew", () => {
    const note = refusalMeter();
    for (let at = 0; at < 100; at += 1) note("192.0.2.1", 0);
    expect(note("192.0.2.2", 0)).toEqual({ kind: "single" });
    expect(note("192.0.2.1", MINUTE)).toEqual({ kind: "single" });
  });

  test("a late line of the minute before does not begin it anew", () => {
    const note = refusalMeter();
    for (let at = 0; at < 11; at += 1) note("192.0.2.1", MINUTE);
    expect(note("192.0.2.1", 0)).toBeUndefined();
  });

  test("a million refusals of a hundred thousand sources leave less than a hundred, and the last tells half of them", () => {
    const note = refusalMeter();
    const noted = Array.from({ length: 1_000_000 }, (_, at) => note(`source ${at % 100_000}`, at % MINUTE)).filter(
      (entry) => entry !== undefined,
    );
    expect(noted.length).toBeLessThan(100);
    expect(noted.at(-1)).toEqual({ kind: "sum", count: 524_288, of: "all" });
  });

  test("whoever comes when, a minute leaves less than a hundred, and its first is told", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: MINUTE - 1 }))),
        (came) => {
          const note = refusalMeter();
          const noted = came.map(([source, time]) => note(`${source}`, time));
          expect(noted.filter((entry) => entry !== undefined).length).toBeLessThan(100);
          if (came.length > 0) expect(noted[0]).toEqual({ kind: "single" });
        },
      ),
    );
  });
});
