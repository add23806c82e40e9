import { BEGIN, type HoldProgress, type HoldRow } from "../aws/holds-table.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import { proofsOf } from "./proofs.ts";
import type { Room } from "./room.ts";
import { walk } from "./walk.ts";

/** Milliseconds that the manifest is relied on: it is kept for 30 days. After a longer sleep everything is listed anew. */
const MANIFEST_KEPT = 25 * 24 * HOUR;
/** Milliseconds that clocks may differ by. */
const SLACK = HOUR;

/**
 * Puts S3's holds on what a hold covers: first on all that is in the archive, then on what the archiver noted since, which a
 * redrive into an old hour is as well.
 */
export async function keepHold(hold: HoldRow, room: Room, at: number, hasTime: () => boolean): Promise<void> {
  const { id, selection } = hold;
  const slept = hold.through > 0 && at - hold.through > MANIFEST_KEPT;
  // What is noted from now on belongs to the runs after the list.
  let done: HoldProgress = hold.through === 0 || slept ? { ...BEGIN, objects: hold.objects, through: at } : hold;
  const note = async (change: Partial<HoldProgress>) => {
    const { listedTo, through, digests, objects, released } = { ...done, ...change };
    done = { listedTo, through, digests, objects, released };
    await room.holds.progress(id, done);
  };
  const keep = async (keys: Iterable<string>) => {
    let changed = 0;
    for (const key of keys) changed += await room.set(await room.coveredIn(key, selection), true);
    return done.objects + changed;
  };

  const proofs = await proofsOf(room, selection, done.digests);
  await note({ objects: done.objects + (await room.set(proofs.keys, true)), digests: proofs.last });
  if (done.listedTo !== null) {
    const look = async (keys: readonly string[], last: string) => note({ objects: await keep(keys), listedTo: last });
    if (!(await walk(room, selection, done.listedTo, hasTime, look))) return;
    await note({ listedTo: null });
  }
  const fresh = new Set<string>();
  for (let hour = done.through - SLACK; hour < at + HOUR; hour += HOUR)
    for (const { key } of (await room.noted.of(hour)).entries) fresh.add(key);
  await note({ objects: await keep(fresh), through: at });
}
