import { BEGIN, type HoldProgress, type HoldRow } from "../aws/holds-table.ts";
import { coveredIn } from "./covered.ts";
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
      const wanted = new Set<string>();
      for (const { selection } of others)
        for (const kept of (await coveredIn(key, selection, room.masked)).keys) wanted.add(kept);
      const { keys: covered } = await coveredIn(key, hold.selection, room.masked);
      await room.set(
        covered.filter((each) => !wanted.has(each)),
        false,
      );
    }
  };
  const all = await walk(room, hold.selection, hold.listedTo ?? "", hasTime, async (keys, last) => {
    await free(keys);
    await note({ listedTo: last });
  });
  if (!all) return;
  const wanted = new Set<string>();
  for (const { selection } of others) for (const key of (await proofsOf(room, selection, 0, at)).keys) wanted.add(key);
  const { keys } = await proofsOf(room, hold.selection, 0, at);
  await room.set(
    keys.filter((key) => !wanted.has(key)),
    false,
  );
  await note({ ...BEGIN, listedTo: null, released: true });
}
