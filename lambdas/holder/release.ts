import { BEGIN, type HoldProgress, type HoldRow } from "../aws/holds-table.ts";
import { opened } from "./covered.ts";
import { proofsOf } from "./proofs.ts";
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
  const note = (progress: Partial<HoldProgress>) => room.holds.progress(hold.id, { ...hold, ...progress });
  const free = async (keys: readonly string[]) => {
    for (const key of keys) {
      const { coveredBy } = await opened(key, room.masked);
      let lifted = await coveredBy(hold.selection);
      for (const { selection } of others) lifted = lifted.difference(await coveredBy(selection));
      await room.set([...lifted], false);
    }
  };
  const all = await walk(room, hold.selection, hold.listedTo ?? "", hasTime, async (keys, last) => {
    await free(keys);
    await note({ listedTo: last });
  });
  if (!all) return;
  const proofs = async ({ selection }: HoldRow) => new Set((await proofsOf(room, selection, 0, at)).keys);
  let lifted = await proofs(hold);
  for (const other of others) lifted = lifted.difference(await proofs(other));
  await room.set([...lifted], false);
  await note({ ...BEGIN, listedTo: null, released: true });
}
