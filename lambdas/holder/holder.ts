import middy from "@middy/core";
import { keeps } from "../domain/evidence/hold.ts";
import type { Environment } from "../environment.ts";
import { keepHold } from "./keep.ts";
import { releaseHold } from "./release.ts";
import { roomOf } from "./room.ts";

/** Milliseconds before its time limit at which a run begins nothing more; the next one goes on. */
const ENOUGH = 60_000;

/**
 * Runs on a schedule: sees to it that S3 holds what legal holds cover, what was archived since among it, and nothing that no
 * hold covers any more. The only function that may; run twice, it changes nothing.
 */
export function createHolder(environment: Environment, now: () => number = Date.now) {
  const room = roomOf(environment);

  return middy<unknown, void>().handler(async (_event, context) => {
    const hasTime = () => context.getRemainingTimeInMillis() > ENOUGH;
    const rows = await room.holds.all();
    const kept = rows.filter(keeps);
    // Whoever waits longest comes first: a hold that takes all of a run's time waits behind the others in the next.
    const due = rows.filter((hold) => keeps(hold) || !hold.released).sort((one, other) => one.turn - other.turn);
    for (const hold of due) {
      if (!hasTime()) return;
      if (keeps(hold)) await keepHold(hold, room, now(), hasTime);
      else await releaseHold(hold, kept, room, now(), hasTime);
    }
  });
}
