import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RecordEntry } from "../../lambdas/domain/evidence/record.ts";
import type { Call } from "../../lambdas/gateway/call.ts";
import type { House } from "../../lambdas/gateway/house.ts";
import { recorded } from "../../lambdas/gateway/recording.ts";
import { person } from "../support/samples.ts";

/** A ledger that takes its time: only so do two ends of one stream meet. */
function slowHouse(isThere = true) {
  const written: RecordEntry[] = [];
  const house = {
    settings: { digests: {} },
    now: () => 1_000_000,
    tell: () => undefined,
    writer: {
      append: async (entry: RecordEntry) => {
        await sleep(20);
        if (!isThere) throw new Error("the ledger is gone");
        written.push(entry);
      },
    },
  } as unknown as House;
  return { house, written };
}

const callOf = (id: string, ended = new AbortController()): Call =>
  ({
    id,
    ended,
    session: "s",
    server: "ops",
    shownTarget: "",
    startedAt: 0,
    message: { method: "GET" },
    caller: { principal: person("dev", []) },
    source: { ip: null, userAgent: null, requestId: "r" },
    decision: { kind: "allow", policies: [] },
    shownHeaders: {},
    risks: [],
  }) as unknown as Call;
const end = (outcome: string) => ({ type: "call.completed", outcome }) as const;

test("a call that ends for two reasons at the same time has one outcome on record, the first", async () => {
  const { house, written } = slowHouse();
  const call = callOf("one");
  const both = [
    recorded(call, end("ended"), undefined, house),
    recorded({ ...call }, end("unknown"), undefined, house),
  ];
  expect(await Promise.all(both)).toEqual([true, true]);
  expect(await recorded(call, end("ok"), undefined, house)).toBe(true);
  expect(written.map(({ call: id, outcome }) => [id, outcome])).toEqual([["one", "ended"]]);
});

test("what is relayed is recorded each time, and another call of the same exchange has an outcome of its own", async () => {
  const { house, written } = slowHouse();
  const call = callOf("one");
  const relayed = { type: "message.relayed", outcome: "relayed" } as const;
  for (const step of [relayed, relayed, end("ok")]) await recorded(call, step, undefined, house);
  await recorded(callOf("two", call.ended), end("ended"), undefined, house);
  expect(written.map(({ call: id, outcome }) => [id, outcome])).toEqual([
    ["one", "relayed"],
    ["one", "relayed"],
    ["one", "ok"],
    ["two", "ended"],
  ]);
});

test("an outcome that is in doubt is not told otherwise later: the put may still arrive", async () => {
  const { house } = slowHouse(false);
  const call = callOf("one");
  expect(await recorded(call, end("ok"), undefined, house)).toBe(false);
  expect(await recorded(call, end("unknown"), undefined, slowHouse().house)).toBe(false);
});
