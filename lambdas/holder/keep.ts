import { BEGIN, type HoldProgress, type HoldRow } from "../aws/holds-table.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import { objectsOf, opened } from "./covered.ts";
import { proofsOf } from "./proofs.ts";
import type { Room } from "./room.ts";
import { walk } from "./walk.ts";

/** Milliseconds that the manifest is relied on: it is kept for 30 days. After a longer sleep everything is listed anew. */
const MANIFEST_KEPT = 25 * 24 * HOUR;
/** Milliseconds that clocks may differ by. */
const SLACK = HOUR;

/**
 * Puts S3's holds on what a hold covers: first on all that is in the archive, then on what the archiver noted since, which a
 * redrive into an old hour is as well, and on what was quarantined since: the copy is a new version, without a hold.
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
  const keep = async (key: string) => {
    const { coveredBy, rewritten } = await opened(key, room.masked);
    return { changed: await room.set([...(await coveredBy(selection))], true), rewritten };
  };

  const proofs = await proofsOf(room, selection, done.digests, at);
  await note({ objects: done.objects + (await room.set(proofs.keys, true)), digests: proofs.last });
  if (done.listedTo !== null) {
    const look = async (keys: readonly string[], last: string) => {
      let changed = 0;
      for (const key of keys) changed += (await keep(key)).changed;
      await note({ objects: done.objects + changed, listedTo: last });
    };
    if (!(await walk(room, selection, done.listedTo, hasTime, look))) return;
    await note({ listedTo: null });
  }
  const fresh = new Set<string>();
  for (let hour = done.through - SLACK; hour < at + HOUR; hour += HOUR) {
    const { entries, begun } = await room.noted.of(hour);
    // What was begun and never noted may lie there all the same, and a digest seals it.
    for (const { key } of [...entries, ...begun]) fresh.add(key);
  }
  let changed = 0;
  // What is added on the way comes in its turn.
  for (const key of fresh) {
    const kept = await keep(key);
    changed += kept.changed;
    for (const record of kept.rewritten) for (const again of await objectsOf(record, room.masked)) fresh.add(again);
  }
  await note({ objects: done.objects + changed, through: at });
}
