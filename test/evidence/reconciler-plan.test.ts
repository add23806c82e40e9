import { expect, test } from "vitest";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { leafHash } from "../../lambdas/domain/evidence/line.ts";
import { lookThrough } from "../../lambdas/reconciler/look-through.ts";
import { openCalls } from "../../lambdas/reconciler/open-calls.ts";
import { hoursAround, planOf, RUN_MINUTES } from "../../lambdas/reconciler/plan.ts";
import { settleAll } from "../../lambdas/reconciler/settle-all.ts";

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

test("every hour has one run that compares, however late the clock of the schedule comes", () => {
  for (const drift of [-100, 100, 9 * MINUTE, 14 * MINUTE]) {
    const compared = [0, 1, 2].flatMap((hour) =>
      RUN_MINUTES.map((minute) => {
        const meant = NOON + hour * HOUR + minute * MINUTE;
        return planOf({ time: new Date(meant).toISOString() }, meant + drift).compared;
      }),
    );
    expect(compared.filter((hour) => hour !== undefined)).toEqual([NOON - 2 * HOUR, NOON - HOUR, NOON]);
  }
  for (const drift of [-2 * MINUTE, 100, 11 * MINUTE])
    expect(
      RUN_MINUTES.map((minute) => planOf({}, NOON + minute * MINUTE + drift).compared !== undefined),
      "also where it does not say when it was meant",
    ).toEqual([true, false, false, false]);
  expect(() => planOf({ time: "soon" }, NOON)).toThrow("RFC 3339");
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
  const heard: string[] = [];
  const reader = (name: "one" | "both", hours: readonly number[]) => ({
    hours,
    take: (line: string, key: string) => void took[name]?.push(`${line} of ${key}`),
    ...(name === "both" ? { hear: ({ key }: { key: string }) => void heard.push(key) } : {}),
  });
  const entries = (hour: number) => (hour === NOON ? ["a", "b"] : ["b", "c"]).map((key) => ({ key }));
  await lookThrough([reader("one", [NOON]), reader("both", [NOON, NOON - HOUR])], {
    manifest: { of: async (hour: number) => ({ entries: entries(hour), begun: [{ key: `begun-${hour - NOON}` }] }) },
    vault: {
      get: async (key: string) => {
        read.push(key);
        return `${key}1\n${key}2\n`;
      },
    },
  } as never);
  expect(read.sort()).toEqual(["a", "b", "c"]);
  const of = (...keys: readonly string[]) => keys.flatMap((key) => [`${key}1 of ${key}`, `${key}2 of ${key}`]);
  expect(took.one?.sort()).toEqual(of("a", "b"));
  expect(took.both?.sort()).toEqual(of("a", "b", "c"));
  expect(heard.sort()).toEqual([`begun-${-HOUR}`, "begun-0"]);
});

test("what cannot be read is named once, and hinders neither the lines beside it nor the objects after it", async () => {
  const took: string[] = [];
  const reader = (wary: boolean) => ({
    hours: [NOON],
    take: (line: string) => {
      if (wary && line.startsWith("bad")) throw new Error(line);
      took.push(line);
    },
  });
  const texts: Record<string, string> = { b: "bad1\nb2\nbad3\n", c: "c1\n" };
  const unreadable = await lookThrough([reader(true), reader(false)], {
    manifest: { of: async () => ({ entries: ["a", "b", "c"].map((key) => ({ key })), begun: [] }) },
    vault: {
      get: async (key: string) => {
        const text = texts[key];
        if (text === undefined) throw new Error("gone");
        return text;
      },
    },
  } as never);
  expect(unreadable.map(({ key, error }) => [key, error.message])).toEqual([
    ["a", "gone"],
    ["b", "bad1"],
  ]);
  expect(took).toEqual(["bad1", "b2", "b2", "bad3", "c1", "c1"]);
});

test("as many calls are looked at as there is time for, and one that cannot be settled does not hinder the next", async () => {
  const open = Array.from({ length: 2000 }, (_, at) => ({ received: { call: `${at}` }, hash: "" })) as never;
  const looked: unknown[] = [];
  const settle = async ({ received: { call } }: { received: { call?: string } }) => {
    looked.push(call);
    if (call === "3") throw new Error("the ledger does not answer");
  };
  const { failed, left } = await settleAll(open, settle, () => true);
  expect(looked).toHaveLength(2000);
  expect(left).toBe(0);
  expect(failed).toEqual([{ call: "3", error: new Error("the ledger does not answer") }]);
  looked.length = 0;
  expect(await settleAll(open, settle, () => looked.length < 1200)).toMatchObject({ left: 800 });
  expect(looked.at(-1)).toBe("1199");
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
    calls.take(line(call, type).line, "some object");
  expect(calls.open()).toEqual([
    {
      received: { type: "call.received", call: "3", id: "3", outcome: "x", method: "tools/call" },
      hash: leafHash(line("3", "call.received").text),
    },
  ]);
});
