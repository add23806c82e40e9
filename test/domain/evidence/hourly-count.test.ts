import fc from "fast-check";
import { encodeTime } from "ulid";
import { describe, expect, test } from "vitest";
import { HOUR } from "../../../lambdas/domain/evidence/digest.ts";
import { hourCounter, type Numbers } from "../../../lambdas/domain/evidence/hourly-count.ts";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";

const START = Date.parse("2026-03-04T05:00:00Z");
const MINUTE = 60_000;

/** A lane that opened at a time, which its id tells; its name is of the letters that ULIDs have. */
const lane = (name: string, opened: number) => encodeTime(START + opened, 10) + name.padEnd(16, "0").toUpperCase();
/** One that opened long before. */
const OLD = lane("aged", -5 * HOUR);

/** A record with what its writer's clock said; it arrived then too, unless told otherwise. */
interface Seen {
  readonly record: LedgerRecord;
  readonly arrived: number;
}
function seen(writer: string, seq: number, at: number, more: object = {}, arrived = at): Seen {
  const record = {
    id: `${writer}-${seq}`,
    type: "writer.opened",
    recordedAt: new Date(START + at).toISOString(),
    writer: { id: writer, seq, previous: "" },
    ...more,
  } as unknown as LedgerRecord;
  return { record, arrived: START + Math.floor(arrived / HOUR) * HOUR };
}

function counted(records: readonly Seen[], { hour = 0, announced = [] as readonly Numbers[], announcedAt = 0 } = {}) {
  const counter = hourCounter(START + hour * HOUR, START + (hour - 1) * HOUR);
  for (const { record, arrived } of records) counter.add(record, arrived);
  counter.announce(announced, START + announcedAt * HOUR);
  return counter.counted();
}
const recordsOf = (...told: Parameters<typeof counted>) => {
  const { records, archived } = counted(...told);
  return { records, archived };
};

describe("records of an hour", () => {
  test("count once, however often they were delivered, and in their hour alone", () => {
    const all = [seen(OLD, 4, -1), seen(OLD, 5, 0), seen(OLD, 6, HOUR - 1), seen(OLD, 7, HOUR)];
    expect(recordsOf([...all, ...all])).toEqual({ records: 2, archived: 2 });
    // An object that came again, in other pieces, may lie under the next hour as well.
    const again = seen(OLD, 6, HOUR - 1, {}, HOUR);
    expect(recordsOf([...all, again])).toEqual({ records: 2, archived: 2 });
    expect(recordsOf([again, ...all], { hour: 1 })).toEqual({ records: 1, archived: 1 });
  });

  test("that are missing were numbered: in the midst, and where the hour begins", () => {
    expect(recordsOf([seen(OLD, 1, 0), seen(OLD, 3, 1)])).toEqual({ records: 3, archived: 2 });
    expect(recordsOf([seen(OLD, 1, -1), seen(OLD, 3, 1)])).toEqual({ records: 2, archived: 1 });
  });

  test("that are missing are missed in one hour: that in which the next one arrived", () => {
    const torn = [seen(OLD, 1, -1), seen(OLD, 3, 1), seen(OLD, 4, HOUR)];
    const missed = [-1, 0, 1].map((hour) => recordsOf(torn, { hour })).map((of) => of.records - of.archived);
    expect(missed).toEqual([0, 1, 0]);
  });

  test("begin with the first that is there, of a lane that was silent before", () => {
    expect(recordsOf([seen(OLD, 40, 5)])).toEqual({ records: 1, archived: 1 });
  });

  test("may lie where nothing was looked, behind one that came late from before", () => {
    const late = seen(OLD, 4, -HOUR - 1);
    expect(recordsOf([late, seen(OLD, 6, 5)])).toEqual({ records: 1, archived: 1 });
    expect(recordsOf([late, seen(OLD, 6, 5), seen(OLD, 8, 6)])).toEqual({ records: 3, archived: 2 });
    // A batch of a fresh lane that lies far back, because what began it did.
    const fresh = lane("fresh", -10 * MINUTE);
    const batch = [0, 1, 2].map((seq) => seen(fresh, seq, -9 * MINUTE, {}, -2 * HOUR));
    expect(recordsOf([...batch, seen(fresh, 3, 5)])).toEqual({ records: 1, archived: 1 });
  });

  test("begin with the first that was numbered, of a lane that opened here", () => {
    const fresh = lane("fresh", 2 * MINUTE);
    expect(recordsOf([seen(fresh, 0, 3 * MINUTE)])).toEqual({ records: 1, archived: 1 });
    expect(recordsOf([seen(fresh, 2, 3 * MINUTE)])).toEqual({ records: 3, archived: 1 });
  });

  test("are none the fewer for what their writer tells of earlier: a cold reconciler speaks of the hour before", () => {
    const cold = lane("brr", 3 * MINUTE);
    const run = [
      seen(cold, 0, 3 * MINUTE),
      seen(cold, 1, -2 * MINUTE, {}, 3 * MINUTE),
      seen(cold, 2, MINUTE, {}, 3 * MINUTE),
    ];
    expect(recordsOf(run)).toEqual({ records: 3, archived: 3 });
    expect(recordsOf(run, { hour: -1 })).toEqual({ records: 0, archived: 0 });
  });

  test("are none the fewer for a clock that jumps back over the hour, or hours", () => {
    const jumps = [
      seen(OLD, 7, 5, {}, 5),
      seen(OLD, 8, -2 * MINUTE, {}, 10),
      seen(OLD, 9, -2 * HOUR, {}, 20),
      seen(OLD, 10, 30, {}, 30),
    ];
    for (const hour of [-2, -1, 1]) expect(recordsOf(jumps, { hour })).toEqual({ records: 0, archived: 0 });
    expect(recordsOf(jumps)).toEqual({ records: 4, archived: 4 });
  });

  test("are missed of a lane that never arrived, where an object was begun for them, or another lane speaks of it", () => {
    const lost = lane("dead", MINUTE);
    const announced = [{ id: lost, first: 0, last: 4 }];
    expect(recordsOf([], { announced })).toEqual({ records: 5, archived: 0 });
    expect(recordsOf([], { announced, hour: 1 })).toEqual({ records: 0, archived: 0 });
    const arrivedAfterAll = [0, 1, 2, 3, 4].map((seq) => seen(lost, seq, MINUTE, {}, HOUR));
    expect(recordsOf(arrivedAfterAll, { announced })).toEqual({ records: 0, archived: 0 });
    const next = lane("next", 5 * MINUTE);
    const closing = (id: string) => [
      seen(next, 0, 5 * MINUTE),
      seen(next, 1, 5 * MINUTE, { type: "writer.closed", closed: { id, seq: 3 } }),
    ];
    expect(recordsOf(closing(lost))).toEqual({ records: 5, archived: 2 });
    // What an old lane said before the one in doubt may have arrived hours ago.
    expect(recordsOf(closing(OLD))).toEqual({ records: 2, archived: 2 });
  });

  test("that are taken out of any lanes are missed, to the record, whatever their clocks say", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 3, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(fc.integer({ min: -3 * HOUR, max: 0 })),
        (lengths, taken, clocks) => {
          const lanes = lengths.map((length, at) =>
            Array.from({ length }, (_, seq) =>
              seen(lane(`w${at}`, at), seq, seq * 1000 + clocks.next().value, {}, seq * 1000),
            ),
          );
          const all = lanes.flat();
          // The last of a lane shows nothing: no number follows it.
          const ends = new Set(lanes.map((of) => of.at(-1)));
          const left = all.filter((one) => ends.has(one) || !taken.next().value);
          const { records, archived } = recordsOf(left);
          expect(records - archived).toBe(all.length - left.length);
        },
      ),
    );
  });
});

describe("requests of an hour", () => {
  let number = 0;
  const of = (requestId: string, type: string, at: number, more: object = {}) =>
    seen(OLD, number++, at, { type, source: { ip: "", userAgent: "", requestId }, ...more });
  /** A call that lasted from one time to another. */
  const call = (requestId: string, begun: number, ended = begun + 200) => [
    of(requestId, "call.received", begun),
    of(requestId, "call.completed", ended),
  ];
  const requestsOf = (...told: Parameters<typeof counted>) => {
    const { requests, atEdges } = counted(...told);
    return { requests, atEdges };
  };

  test("count once for all their records", () => {
    const twice = call("one", 5 * MINUTE);
    expect(requestsOf([...twice, ...twice, of("one", "message.relayed", 5 * MINUTE)])).toEqual({
      requests: 1,
      atEdges: 0,
    });
  });

  test("of steady traffic hide no more than a minute's at each end, and it says how many", () => {
    const everySecond = Array.from({ length: 3 * 3600 }, (_, second) => call(`${second}`, -HOUR + second * 1000));
    const { requests, atEdges } = counted(everySecond.flat());
    expect(requests).toBeGreaterThanOrEqual(3600);
    expect(requests - 3600).toBeLessThanOrEqual(atEdges);
    expect(atEdges).toBeLessThanOrEqual(4 * 60 + 2);
  });

  test("count to both hours where they lie over the end of one, or nobody knows how they ended", () => {
    const long = call("long", -10 * MINUTE, 3 * MINUTE);
    const open = [of("open", "call.received", -10 * MINUTE)];
    const briefBefore = call("brief", -10 * MINUTE);
    const { requests, atEdges } = counted([...long, ...open, ...briefBefore]);
    expect({ requests, atEdges }).toEqual({ requests: 2, atEdges: 2 });
    expect(requestsOf([...long, ...open, ...briefBefore], { hour: -1 })).toEqual({ requests: 3, atEdges: 2 });
    // What the server says in the midst of a call ends nothing.
    const said = of("open", "call.denied", -9 * MINUTE, { sender: "server" });
    expect(requestsOf([...open, said])).toEqual({ requests: 1, atEdges: 1 });
    expect(requestsOf([...open, of("open", "message.relayed", -9 * MINUTE, { outcome: "detached" })]).requests).toBe(0);
  });

  test("count where they arrived, whatever their writer's clock said", () => {
    const behind = call("behind", -2 * HOUR).map(({ record }) => ({ record, arrived: START }));
    expect(requestsOf(behind).requests).toBe(1);
  });

  test.each([
    ["one that was refused before it was one", { type: "access.refused" }],
    ["a message that the protocol forbids, which is answered 4xx", { type: "call.denied", outcome: "refused" }],
    ["the reconciler's word on a call of an hour ago", { type: "call.unresolved", outcome: "unresolved" }],
    ["an approver at the console", { type: "approval.decided", outcome: "approved" }],
    ["an auditor who opens an original", { type: "transcript.revealed" }],
    ["who reads past the gateway", { type: "transcript.read" }],
  ])("are not %s", (_, { type, ...more }) => {
    expect(requestsOf([of("other", type, 5 * MINUTE, more)])).toEqual({ requests: 0, atEdges: 0 });
  });
});
