import { decodeTime } from "ulid";
import { partitionOf } from "./archive-object.ts";
import { HOUR } from "./digest.ts";
import { TRANSCRIPTS } from "./prefixes.ts";

/**
 * Prefixes of the hours in which a record lies that was told when it happened. Its id tells when that was; it lies under the
 * hour in which it arrived, and clocks may differ: that hour, the next, or the one before.
 */
export function partitionsOf(id: string): string[] {
  const written = decodeTime(id);
  return [written, written + HOUR, Math.max(0, written - HOUR)].map(partitionOf);
}

/**
 * Whether a day's prefix is one in which a record can lie that was told late: its id bears the time of what happened, and it
 * lies where it arrived, any time after.
 *
 * @param day `transcripts/dt=YYYY-MM-DD/`
 */
export const isDaySince = (day: string, id: string): boolean =>
  day >= `${TRANSCRIPTS}dt=${new Date(decodeTime(id)).toISOString().slice(0, 10)}/`;
