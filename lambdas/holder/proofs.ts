import { DIGESTS, HOUR, hourOfKey, KEYS } from "../domain/evidence/digest.ts";
import type { HoldSelection } from "../domain/evidence/hold.ts";
import type { Room } from "./room.ts";

/** Milliseconds after the last record in which its digest is surely written; later ones say nothing of it. */
const LATEST = 24 * HOUR;

/**
 * The digests of the hours that a selection reaches over, with their lists, and the keys that signed them: without them
 * nothing of it can be proven. Digests are written hour by hour, so those after the last one that was kept are new.
 *
 * @param last hour of the last digest that was kept; 0: none
 */
export async function proofsOf({ masked }: Room, { from, until }: HoldSelection, last: number) {
  const begin = Math.max(last + 1, from === null ? 0 : from - HOUR);
  const end = until === null ? Number.POSITIVE_INFINITY : until + LATEST;
  const digests = (await masked.list(DIGESTS)).flatMap((key) => {
    // An hour's list lies beside its digest.
    const hour = hourOfKey(key.replace(/[^/]+$/, "digest.json.gz"));
    return hour !== undefined && hour >= begin && hour <= end ? [{ key, hour }] : [];
  });
  return {
    keys: [...digests.map(({ key }) => key), ...(await masked.list(KEYS))],
    last: digests.reduce((latest, { hour }) => Math.max(latest, hour), last),
  };
}
