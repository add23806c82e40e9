import { BEGIN, type HoldRow } from "../aws/holds-table.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import type { HoldSelection } from "../domain/evidence/hold.ts";
import { type Course, courseOf } from "./course.ts";
import { objectsWith, opened } from "./covered.ts";
import { inOrder } from "./in-order.ts";
import { lastHour, proofsOf } from "./proofs.ts";
import type { Room } from "./room.ts";
import { walk } from "./walk.ts";

/** Milliseconds that the manifest is relied on: it is kept for 30 days. After a longer sleep everything is listed anew. */
const MANIFEST_KEPT = 25 * 24 * HOUR;
/** Milliseconds that clocks may differ by. */
const SLACK = HOUR;

/**
 * Puts S3's holds on what a hold covers: first on all that is in the archive, then on what the archiver noted since, which a
 * redrive into an old hour is as well, and on what was quarantined since: the copy is a new version, without a hold. It ends
 * with its time, or when the hold is lifted meanwhile; the next run goes on from there.
 */
export async function keepHold(hold: HoldRow, room: Room, at: number, hasTime: () => boolean): Promise<void> {
  const { selection } = hold;
  const slept = hold.through > 0 && at - hold.through > MANIFEST_KEPT;
  // What is noted from now on belongs to the runs after the list.
  const begin = hold.through === 0 || slept ? { ...BEGIN, objects: hold.objects, through: at } : hold;
  const course = await courseOf(hold, begin, room, at, hasTime);

  if (!(await keepProofs(selection, room, at, course))) return;
  if (course.done.listedTo !== null) {
    if (!(await walk(room, selection, course, async (key) => void (await keep(key, selection, room, course))))) return;
    await course.note({ listedTo: null });
  }
  await keepNoted(selection, room, at, course);
}

/** @returns the ids of records that were masked anew, of which another object may hold a new copy */
async function keep(key: string, selection: HoldSelection, room: Room, { count }: Course): Promise<readonly string[]> {
  const { coveredBy, rewritten } = await opened(key, room.masked);
  count(await room.set(await coveredBy(selection), true));
  return rewritten;
}

/** @returns whether all are kept */
async function keepProofs(selection: HoldSelection, room: Room, at: number, course: Course): Promise<boolean> {
  const { digests: last } = course.done;
  const proofs = await proofsOf(room, selection, last);
  course.count(await room.set(proofs.published, true));
  return inOrder(
    proofs.digests,
    course.goesOn,
    async (key) => course.count(await room.set([key], true)),
    (to) => course.note({ digests: Math.max(last, lastHour(proofs, to, at)) }),
  );
}

/** Goes through what was noted since the last time, key by key; what is noted meanwhile belongs to the next time. */
async function keepNoted(selection: HoldSelection, room: Room, at: number, course: Course): Promise<void> {
  const { through, notedTo } = course.done;
  const { begun, key: after } = notedTo ?? { begun: at, key: "" };
  const noted = new Set<string>();
  for (let hour = through - SLACK; hour < begun + HOUR; hour += HOUR) {
    const { entries, begun: unfinished } = await room.noted.of(hour);
    // What was begun and never noted may lie there all the same, and a digest seals it.
    for (const { key } of [...entries, ...unfinished]) if (key > after) noted.add(key);
  }
  const look = async (key: string) => {
    const objects = new Set([key]);
    // What is added on the way comes in its turn.
    for (const object of objects)
      for (const record of await keep(object, selection, room, course))
        for (const again of await objectsWith(record, room.masked)) objects.add(again);
  };
  const all = await inOrder([...noted].sort(), course.goesOn, look, (key) => course.note({ notedTo: { key, begun } }));
  // Only now what was noted before it began is done with; a run later looks an hour back all the same.
  if (all) await course.note({ notedTo: null, through: begun });
}
