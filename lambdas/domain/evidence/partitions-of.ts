import { decodeTime } from "ulid";
import { partitionOf } from "./archive-object.ts";
import { HOUR } from "./digest.ts";

/**
 * Prefixes of the hours in which a record can lie. Its id tells when it was written; it lies under the hour in which the first
 * of its batch arrived, and a batch is gathered over some time: that hour, the next, or the one before.
 */
export function partitionsOf(id: string): string[] {
  const written = decodeTime(id);
  return [written, written + HOUR, Math.max(0, written - HOUR)].map(partitionOf);
}
