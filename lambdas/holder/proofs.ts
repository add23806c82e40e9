import { HOUR, hourOfKey } from "../domain/evidence/digest.ts";
import type { HoldSelection } from "../domain/evidence/hold.ts";
import { DIGESTS, KEYS } from "../domain/evidence/prefixes.ts";
import type { Room } from "./room.ts";

/** Without them nothing that is held can be proven. */
export interface Proofs {
  /** Keys of the digests with their lists from a selection's beginning on, in the order of their hours. */
  readonly digests: readonly string[];
  /** The keys that signed them. */
  readonly published: readonly string[];
}

/**
 * The proofs of what a selection wants. Digests have no end: what is redriven days later is sealed then. They are written hour
 * by hour, so those after the last one that was seen are new.
 *
 * @param last hour of the last digest that was seen; 0: none
 */
export async function proofsOf({ masked }: Room, { from }: HoldSelection, last: number): Promise<Proofs> {
  const begin = Math.max(last + 1, from === null ? 0 : from - HOUR);
  const digests = (await masked.list(DIGESTS)).filter((key) => {
    // An hour's list lies beside its digest, and is written before it.
    const hour = hourOfKey(key.replace(/[^/]+$/, "digest.json.gz"));
    return hour !== undefined && hour >= begin;
  });
  return { digests, published: await masked.list(KEYS) };
}

/**
 * Hour of the last digest up to a key; 0 when there is none.
 *
 * @param at milliseconds since the epoch: a digest of an hour that has not begun is none of ours, and not the last
 */
export const lastHour = ({ digests }: Proofs, to: string, at: number): number =>
  digests.reduce((last, key) => {
    const hour = key <= to ? hourOfKey(key) : undefined;
    return hour !== undefined && hour <= at ? Math.max(last, hour) : last;
  }, 0);
