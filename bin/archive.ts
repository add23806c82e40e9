import { vault } from "../lambdas/aws/vault.ts";
import { vaultSource } from "../lambdas/aws/vault-source.ts";
import { hashedText } from "../lambdas/domain/evidence/line.ts";
import { TRANSCRIPTS } from "../lambdas/domain/evidence/prefixes.ts";
import { withoutQuarantined } from "../lambdas/domain/evidence/quarantine.ts";
import type { LedgerRecord } from "../lambdas/domain/evidence/record.ts";
import { type Source, unpacked } from "../lambdas/domain/evidence/verify/source.ts";
import type { LakeFile } from "./duck-lake.ts";
import { folderSource } from "./folder.ts";
import { needed, type Place } from "./place.ts";

/** The partition of a key: `YYYY-MM-DDTHH`. */
const PARTITION = /^transcripts\/dt=(\d{4}-\d\d-\d\d)\/hh=(\d\d)\//;

/** Hours of arrival that are read, each `YYYY-MM-DD` or `YYYY-MM-DDTHH`; open where undefined. */
export interface Hours {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** The masked vault, or a folder that holds a copy of it; lists the transcripts alone. */
export const maskedArchive = ({ environment, maskedVault }: Place, folder?: string): Source =>
  folder === undefined
    ? vaultSource(vault(environment, needed(maskedVault, "--masked-vault or --folder")), [TRANSCRIPTS])
    : folderSource(folder);

/** The objects of the archive that arrived in these hours, as they lie there. */
export async function* archivedObjects(source: Source, { from, until }: Hours = {}): AsyncGenerator<LakeFile> {
  const keys: string[] = [];
  for await (const key of source.list()) {
    const [, day, hour] = PARTITION.exec(key) ?? [];
    if (day === undefined) continue;
    const arrived = `${day}T${hour}`;
    // A bound that names a day alone holds all of its hours.
    if ((from === undefined || arrived >= from) && (until === undefined || arrived.slice(0, until.length) <= until))
      keys.push(key);
  }
  for (const key of keys.sort()) {
    const bytes = await source.read(key);
    if (bytes !== undefined) yield { key, bytes };
  }
}

/** Reads the records of the masked archive as they were hashed, each once, in the order of time. */
export async function archivedLines(place: Place, hours: Hours = {}, folder?: string): Promise<string[]> {
  const byId = new Map<string, string>();
  for await (const { key, bytes } of archivedObjects(maskedArchive(place, folder), hours)) {
    const text = typeof bytes === "string" ? bytes : unpacked(bytes)?.toString("utf8");
    if (text === undefined) throw new Error(`${key} cannot be unpacked; countersign verify tells more`);
    for (const line of text.split("\n")) if (line !== "") byId.set(recordOf(line).id, hashedText(line));
  }
  return withoutQuarantined([...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line));
}

/** A line of the archive, parsed. */
export const recordOf = (line: string) => JSON.parse(line) as LedgerRecord;
