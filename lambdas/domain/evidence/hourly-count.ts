import { laneCounter } from "./lane-count.ts";
import type { LedgerRecord } from "./record.ts";
import { requestCounter } from "./request-count.ts";

/** What the archive holds of an hour. */
export interface HourlyCount {
  /** Records that writers numbered: those that are there, and numbers that were given and are not, which are lost or late. */
  readonly records: number;
  /** Those that are there, each once. */
  readonly archived: number;
  /** Requests on the MCP paths that left a record in it, or near enough to be counted to it. */
  readonly requests: number;
  /** Those among them that API Gateway may have counted to the hour beside it. */
  readonly atEdges: number;
}

/** A writer's numbers in an object. */
export interface Numbers {
  readonly id: string;
  readonly first: number;
  readonly last: number;
}

/** Counts what it is shown: records of the hour and of those beside it, in any order, perhaps twice. */
export interface HourCounter {
  /** @param arrived begin of the hour under which the record lies, milliseconds since the epoch */
  add(record: LedgerRecord, arrived: number): void;
  /** Tells of numbers that an object was to hold, whether or not it was ever written. */
  announce(writers: readonly Numbers[], arrived: number): void;
  counted(): HourlyCount;
}

/**
 * @param hour its begin, milliseconds since the epoch
 * @param since milliseconds since the epoch: whatever arrived from then on is shown, and some of what arrived before
 */
export function hourCounter(hour: number, since: number): HourCounter {
  const lanes = laneCounter(hour, since);
  const requests = requestCounter(hour);
  return {
    add(record, arrived) {
      lanes.add(record.writer, arrived);
      if (record.closed !== undefined) lanes.end(record.closed.id, record.closed.seq, arrived);
      requests.add(record, arrived);
    },
    announce(writers, arrived) {
      for (const { id, first, last } of writers) for (const seq of [first, last]) lanes.announce(id, seq, arrived);
    },
    counted: () => ({ ...lanes.counted(), ...requests.counted() }),
  };
}
