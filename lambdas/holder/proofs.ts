import { HOUR, hourOfKey } from "../domain/evidence/digest.ts";
import type { HoldSelection } from "../domain/evidence/hold.ts";
import { DIGESTS, KEYS } from "../domain/evidence/prefixes.ts";
import type { Room } from "./room.ts";

/**
 * The digests from a selection's beginning on, with their lists, and the keys that signed them: without them nothing of it can
 * be proven. They have no end: what is redriven days later is sealed then. They are written hour by hour, so those after
 * the last one that was kept are new.
 *
 * @param last hour of the last digest that was kept; 0: none
 * @param at milliseconds since the epoch: a digest of an hour that has not begun is none of ours, and not the last
 */
export async function proofsOf({ masked }: Room, { from }: HoldSelection, last: number, at: number) {
  const begin = Math.max(last + 1, from === null ? 0 : from - HOUR);
  const digests = (await masked.list(DIGESTS)).flatMap((key) => {
    // An hour's list lies beside its digest, and is written before it.
    const hour = hourOfKey(key.replace(/[^/]+$/, "digest.json.gz"));
    return hour !== undefined && hour >= begin ? [{ key, hour }] : [];
  });
  const whole = digests.flatMap(({ key }) => hourOfKey(key) ?? []).filter((hour) => hour <= at);
  return {
    keys: [...digests.map(({ key }) => key), ...(await masked.list(KEYS))],
    last: Math.max(last, ...whole),
  };
}
