import { partitionOf } from "../domain/evidence/archive-object.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import type { HoldSelection } from "../domain/evidence/hold.ts";
import { TRANSCRIPTS } from "../domain/evidence/prefixes.ts";
import type { Course } from "./course.ts";
import { inOrder } from "./in-order.ts";
import type { Room } from "./room.ts";

/**
 * Goes through the archive objects that can hold what a selection wants, in the order of their keys, so that a run which ends
 * before all were seen is followed by one that goes on.
 *
 * @returns whether all were seen
 */
export async function walk(
  { masked }: Room,
  { from }: HoldSelection,
  { done, goesOn, note }: Course,
  look: (key: string) => Promise<void>,
): Promise<boolean> {
  // A record arrives after it was made, and clocks may differ.
  const first = from === null ? "" : partitionOf(Math.max(0, from - HOUR));
  const after = done.listedTo ?? "";
  const keys = (await masked.list(TRANSCRIPTS)).filter((key) => key > after && key >= first);
  return inOrder(keys, goesOn, look, (listedTo) => note({ listedTo }));
}
