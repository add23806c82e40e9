import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR } from "../../../lambdas/domain/evidence/digest.ts";
import { countHour } from "../../../lambdas/domain/evidence/hourly-count.ts";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";

const START = Date.parse("2026-03-04T05:00:00Z");
const MINUTE = 60_000;

const record = (writer: string, seq: number, at: number, requestId = `${writer}-${seq}`) =>
  ({
    id: `${writer}-${seq}`,
    recordedAt: new Date(START + at).toISOString(),
    writer: { id: writer, seq, previous: "" },
    source: { ip: "", userAgent: "", requestId },
  }) as unknown as LedgerRecord;

test("counts each record once, however often it was delivered, and of its hour alone", () => {
  const lane = [record("a", 4, -1), record("a", 5, 0), record("a", 6, HOUR - 1), record("a", 7, HOUR)];
  expect(countHour(START, [...lane, ...lane])).toEqual({ records: 2, archived: 2, requests: 4 });
});

test("a number that is missing was given and not archived: in the midst, and where the hour begins", () => {
  expect(countHour(START, [record("a", 1, 0), record("a", 3, 1)])).toMatchObject({ records: 3, archived: 2 });
  expect(countHour(START, [record("a", 1, -1), record("a", 3, 1)])).toMatchObject({ records: 2, archived: 1 });
});

test("a lane that was silent before begins with its first number here", () => {
  expect(countHour(START, [record("a", 40, 5), record("b", 0, 6)])).toMatchObject({ records: 2, archived: 2 });
});

test("a request counts once for all its records, and where its time may be told as another hour's", () => {
  const records = [
    record("a", 0, -14 * MINUTE, "before"),
    record("a", 1, 5, "one"),
    record("a", 2, 6, "one"),
    record("a", 3, HOUR + 14 * MINUTE, "after"),
    record("a", 4, HOUR + 16 * MINUTE, "long after"),
  ];
  expect(countHour(START, records).requests).toBe(3);
});

test("what is taken out of the midst of any lanes is missed, to the record", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 3, max: 40 }), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(fc.boolean()),
      (lengths, taken) => {
        const lanes = lengths.map((length, lane) =>
          Array.from({ length }, (_, seq) => record(`w${lane}`, seq, seq * 1000)),
        );
        const all = lanes.flat();
        // The last of a lane shows nothing: no number follows it.
        const ends = new Set(lanes.flatMap((lane) => [lane[0]?.id, lane.at(-1)?.id]));
        const left = all.filter(({ id }) => ends.has(id) || !taken.next().value);
        const { records, archived } = countHour(START, left);
        expect(records - archived).toBe(all.length - left.length);
      },
    ),
  );
});
