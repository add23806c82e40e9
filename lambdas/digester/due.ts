import type { Vault } from "../aws/vault.ts";
import { DIGESTS, HOUR, hourOfKey } from "../domain/evidence/digest.ts";

/** Digests that one run writes at most: what was missed for longer is caught up with in the runs after. */
const MOST = 48;

export const hourOf = (time: number): number => Math.floor(time / HOUR) * HOUR;

/**
 * The hours whose digests are due, and the last one that is there; undefined when none was ever written, and then only
 * the hour that just ended is due.
 */
export async function dueHours(
  vault: Vault,
  now: number,
): Promise<{ readonly last: number | undefined; readonly due: readonly number[] }> {
  const ended = hourOf(now) - HOUR;
  const day = (time: number) => vault.list(`${DIGESTS}dt=${new Date(time).toISOString().slice(0, 10)}/`);
  const lately = latest([...(await day(ended - 24 * HOUR)), ...(await day(ended))]);
  const last = lately ?? latest(await vault.list(DIGESTS));
  if (last === undefined) return { last, due: [ended] };
  const missing = Math.max(0, (ended - last) / HOUR);
  return { last, due: Array.from({ length: Math.min(missing, MOST) }, (_, at) => last + (at + 1) * HOUR) };
}

function latest(keys: readonly string[]): number | undefined {
  const hours = keys.flatMap((key) => hourOfKey(key) ?? []);
  return hours.length === 0 ? undefined : Math.max(...hours);
}
