import { BEGIN, type HoldRow } from "../aws/holds-table.ts";
import { ofWholeCalls } from "../domain/evidence/hold.ts";
import { courseOf } from "./course.ts";
import { opened } from "./covered.ts";
import { inOrder } from "./in-order.ts";
import { lastHour, proofsOf } from "./proofs.ts";
import type { Room } from "./room.ts";
import { walk } from "./walk.ts";

/** Takes S3's holds from what a lifted hold covered and no other covers. Retention goes on as it was promised. */
export async function releaseHold(
  hold: HoldRow,
  others: readonly HoldRow[],
  room: Room,
  at: number,
  hasTime: () => boolean,
): Promise<void> {
  const { selection } = hold;
  const kept = others.map((other) => other.selection);
  const course = await courseOf(hold, hold, room, at, hasTime);

  const free = async (key: string) => {
    const { freedFrom } = await opened(key, room.masked);
    await room.set(await freedFrom(selection, kept), false);
  };
  if (!(await walk(room, ofWholeCalls(selection), course, free))) return;

  const proofs = await proofsOf(room, selection, hold.digests);
  const [earliest] = kept.toSorted((one, other) => (one.from ?? 0) - (other.from ?? 0));
  // Digests have no end: whoever begins first needs all that the others need.
  const { digests, published } = earliest ? await proofsOf(room, earliest, 0) : { digests: [], published: [] };
  const needed = new Set([...digests, ...published]);
  const without = (keys: Iterable<string>) => new Set(keys).difference(needed);
  const all = await inOrder(
    proofs.digests,
    course.goesOn,
    (key) => room.set(without([key]), false).then(() => undefined),
    (to) => course.note({ digests: Math.max(course.done.digests, lastHour(proofs, to, at)) }),
  );
  if (!all) return;
  await room.set(without(proofs.published), false);
  await course.note({ ...BEGIN, listedTo: null, released: true, turn: at });
}
