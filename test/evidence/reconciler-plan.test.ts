import { expect, test } from "vitest";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { leafHash } from "../../lambdas/domain/evidence/line.ts";
import { lookThrough } from "../../lambdas/reconciler/look-through.ts";
import { openCalls } from "../../lambdas/reconciler/open-calls.ts";
import { hoursAround, planOf } from "../../lambdas/reconciler/plan.ts";

const NOON = Date.parse("2026-11-21T12:00:00Z");
const MINUTE = 60_000;

test("a run looks at two hours; the first of an hour at four, which are those that it compares an hour by", () => {
  expect(planOf({}, NOON + 20 * MINUTE)).toEqual({ hours: [NOON, NOON - HOUR], compared: undefined });
  const first = planOf({}, NOON + 14 * MINUTE);
  expect(first.compared).toBe(NOON - 2 * HOUR);
  expect([...first.hours].sort()).toEqual(hoursAround(NOON - 2 * HOUR));
});

test("whatever minute a call is received in, three runs see it after its twenty minutes, missing runs or not", () => {
  for (let minute = 0; minute < 60; minute += 1)
    for (let phase = 0; phase < 15; phase += 1) {
      const old = NOON + (minute + 20) * MINUTE;
      const runs = Array.from({ length: 24 }, (_, at) => NOON + (phase + at * 15) * MINUTE).filter((at) => at >= old);
      expect(runs.filter((at) => planOf({}, at).hours.includes(NOON)).length).toBeGreaterThanOrEqual(3);
    }
});

test("an operator's wishes hold for any hour there is", () => {
  expect(planOf({ hours: 1, compare: "2026-11-20T03:10:00Z" }, NOON)).toEqual({
    hours: [NOON],
    compared: Date.parse("2026-11-20T03:00:00Z"),
  });
  expect(() => planOf({ compare: "yesterday" }, NOON)).toThrow("RFC 3339");
});

test("an object is read once, whoever wants its lines", async () => {
  const read: string[] = [];
  const took: Record<string, string[]> = { one: [], both: [] };
  const reader = (name: "one" | "both", hours: readonly number[]) => ({
    hours,
    take: (line: string) => void took[name]?.push(line),
  });
  const entries = (hour: number) => (hour === NOON ? ["a", "b"] : ["b", "c"]).map((key) => ({ key }));
  await lookThrough([reader("one", [NOON]), reader("both", [NOON, NOON - HOUR])], {
    manifest: { of: async (hour: number) => ({ entries: entries(hour), begun: [] }) },
    vault: {
      get: async (key: string) => {
        read.push(key);
        return `${key}1\n${key}2\n`;
      },
    },
  } as never);
  expect(read.sort()).toEqual(["a", "b", "c"]);
  expect(took.one?.sort()).toEqual(["a1", "a2", "b1", "b2"]);
  expect(took.both?.sort()).toEqual(["a1", "a2", "b1", "b2", "c1", "c2"]);
});

test("a call is settled by its end, whichever of the two is read first, and is told without its bodies", () => {
  const line = (call: string, type: string) => {
    const text = JSON.stringify({
      type,
      call,
      id: call,
      outcome: "x",
      method: "tools/call",
      request: { text: "secret" },
    });
    return { text, line: `${text.slice(0, -1)},"signature":"${"s".repeat(86)}"}` };
  };
  const calls = openCalls([NOON]);
  for (const [call, type] of [
    ["2", "call.completed"],
    ["1", "call.received"],
    ["2", "call.received"],
    ["4", "call.received"],
    ["3", "call.received"],
    ["1", "call.completed"],
    ["4", "call.denied"],
  ] as const)
    calls.take(line(call, type).line);
  expect(calls.open()).toEqual([
    {
      received: { type: "call.received", call: "3", id: "3", outcome: "x", method: "tools/call" },
      hash: leafHash(line("3", "call.received").text),
    },
  ]);
});
