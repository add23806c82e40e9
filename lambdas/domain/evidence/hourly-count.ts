import { HOUR } from "./digest.ts";
import type { LedgerRecord } from "./record.ts";

/** What the archive holds of an hour. */
export interface HourlyCount {
  /** Records that writers numbered in it: a number that was given and is not there was lost, or is late. */
  readonly records: number;
  /** Ids of records in it, each once. */
  readonly archived: number;
  /** Requests of the API that left a record in it, or so near to it that their time may be told otherwise. */
  readonly requests: number;
}

/** Milliseconds that a request and its record may lie apart, so that they count to different hours: the longest call. */
export const NEAR = 15 * 60_000;

/**
 * Counts an hour's records.
 *
 * @param hour its begin, milliseconds since the epoch
 * @param records those of the hour and of the hours beside it, in any order, perhaps twice
 */
export function countHour(hour: number, records: Iterable<LedgerRecord>): HourlyCount {
  const ids = new Set<string>();
  const requests = new Set<string>();
  const lanes = new Map<string, { before: number; first: number; last: number }>();
  for (const { id, recordedAt, source, writer } of records) {
    const at = Date.parse(recordedAt);
    const requestId = source?.requestId;
    if (requestId && at >= hour - NEAR && at < hour + HOUR + NEAR) requests.add(requestId);
    const lane = lanes.get(writer.id) ?? { before: -1, first: Number.POSITIVE_INFINITY, last: -1 };
    lanes.set(writer.id, lane);
    if (at < hour) lane.before = Math.max(lane.before, writer.seq);
    if (at < hour || at >= hour + HOUR) continue;
    ids.add(id);
    lane.first = Math.min(lane.first, writer.seq);
    lane.last = Math.max(lane.last, writer.seq);
  }
  let numbered = 0;
  // A lane that was silent before begins with its first number here.
  for (const { before, first, last } of lanes.values())
    if (last >= 0) numbered += last - (before >= 0 && before < first ? before : first - 1);
  return { records: numbered, archived: ids.size, requests: requests.size };
}
