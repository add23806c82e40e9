import { mayHold } from "../domain/evidence/archive-object.ts";
import { isDaySince, partitionsOf } from "../domain/evidence/partitions-of.ts";
import { TRANSCRIPTS } from "../domain/evidence/prefixes.ts";
import type { Vault } from "./vault.ts";

/** Days that are listed at once. */
const TOGETHER = 8;

/**
 * Goes through the archive objects whose names span the id of a record: first those of each hour that the id points to, then,
 * for a record that was told late, those of each day since that the archive has. Names tell which ids an object holds, so
 * little is to be read.
 *
 * A record that was delivered again bears the same time of arrival: all its copies come in one step, and whoever found it may stop.
 */
export async function* objectsOf(
  id: string,
  vault: Pick<Vault, "list" | "folders">,
): AsyncGenerator<readonly string[], void> {
  const namedIn = async (prefixes: readonly string[]) =>
    (await Promise.all(prefixes.map((prefix) => vault.list(prefix)))).flat().filter((key) => mayHold(key, id));
  const hours = partitionsOf(id);
  for (const hour of hours) yield await namedIn([hour]);

  const days = (await vault.folders(TRANSCRIPTS)).filter((day) => isDaySince(day, id));
  for (let at = 0; at < days.length; at += TOGETHER) {
    const keys = await namedIn(days.slice(at, at + TOGETHER));
    yield keys.filter((key) => !hours.some((hour) => key.startsWith(hour)));
  }
}
