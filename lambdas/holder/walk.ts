import { partitionOf } from "../domain/evidence/archive-object.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import type { HoldSelection } from "../domain/evidence/hold.ts";
import { TRANSCRIPTS } from "../domain/evidence/prefixes.ts";
import type { Room } from "./room.ts";

/** Objects between two notes of how far it came. */
const CHUNK = 100;

/**
 * Goes through the archive objects that can hold what a selection wants, in the order of their keys, so that a run which ends
 * before all were seen is followed by one that goes on.
 *
 * @param after key that was seen last
 * @param look sees some objects; is given the last key of them
 * @returns whether all were seen
 */
export async function walk(
  room: Room,
  { from }: HoldSelection,
  after: string,
  hasTime: () => boolean,
  look: (keys: readonly string[], last: string) => Promise<void>,
): Promise<boolean> {
  // A record arrives after it was made, and clocks may differ.
  const first = from === null ? "" : partitionOf(Math.max(0, from - HOUR));
  const keys = (await room.masked.list(TRANSCRIPTS)).filter((key) => key > after && key >= first);
  for (let at = 0; at < keys.length; at += CHUNK) {
    if (!hasTime()) return false;
    const chunk = keys.slice(at, at + CHUNK);
    await look(chunk, chunk.at(-1) ?? after);
  }
  return true;
}
