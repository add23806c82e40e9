import type { Vault } from "../aws/vault.ts";
import { HOUR, hourOf, hourOfKey } from "../domain/evidence/digest.ts";
import { DIGESTS } from "../domain/evidence/prefixes.ts";

/** Digests that one run writes at most: what was missed for longer is caught up with in the runs after. */
const MOST = 48;

/**
 * The hours whose digests are due, and the last one that is there; undefined when none was ever written, and then only
 * the hour that just ended is due. A digest of an hour that has not ended is none of ours, and must not keep us from sealing.
 *
 * @param at when the schedule meant the run: the hours that ended by then are looked at
 */
export async function dueHours(
  vault: Vault,
  at: number,
): Promise<{ readonly last: number | undefined; readonly due: readonly number[] }> {
  const ended = hourOf(at) - HOUR;
  const day = (time: number) => vault.list(`${DIGESTS}dt=${new Date(time).toISOString().slice(0, 10)}/`);
  const lately = latest([...(await day(ended - 24 * HOUR)), ...(await day(ended))], ended);
  const last = lately ?? latest(await vault.list(DIGESTS), ended);
  if (last === undefined) return { last, due: [ended] };
  const missing = Math.max(0, (ended - last) / HOUR);
  return { last, due: Array.from({ length: Math.min(missing, MOST) }, (_, at) => last + (at + 1) * HOUR) };
}

function latest(keys: readonly string[], ended: number): number | undefined {
  const hours = keys.flatMap((key) => hourOfKey(key) ?? []).filter((hour) => hour <= ended);
  return hours.length === 0 ? undefined : Math.max(...hours);
}
