import type { Vault } from "../aws/vault.ts";
import { mayHold } from "../domain/evidence/archive-object.ts";
import { bodiesOfCall } from "../domain/evidence/body.ts";
import { covers, type HoldSelection } from "../domain/evidence/hold.ts";
import { partitionsOf } from "../domain/evidence/partitions-of.ts";
import { isQuarantined } from "../domain/evidence/quarantine.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import { unpacked } from "../domain/evidence/verify/source.ts";

/** An archive object that was read once, for any number of holds. */
export interface Opened {
  /** Ids of records of which a newly masked copy was made: what lies over them has no hold of its own yet. */
  readonly rewritten: readonly string[];
  /** The object itself and the bodies of its records, as far as a hold covers them; nothing when no record fits. */
  coveredBy(selection: HoldSelection): Promise<ReadonlySet<string>>;
}

/** Looks into an archive object. What cannot be read is kept as a whole: nobody can tell that it holds nothing of what is wanted. */
export async function opened(key: string, masked: Vault): Promise<Opened> {
  const bytes = await masked.read(key);
  // The archiver died before it wrote what it had begun, and its records were archived under another name.
  if (bytes === undefined) return { rewritten: [], coveredBy: async () => new Set() };
  const records = recordsIn(bytes);
  if (records === undefined) return { rewritten: [], coveredBy: async () => new Set([key]) };
  return {
    rewritten: records.flatMap(({ type, quarantined }) =>
      type === "transcript.quarantined" && quarantined ? [quarantined.record] : [],
    ),
    async coveredBy(selection) {
      const fitting = records.filter((record) => covers(selection, record));
      const keys = new Set(fitting.length === 0 ? [] : [key]);
      for (const record of fitting) for (const body of await bodiesOf(record, masked)) keys.add(body);
      return keys;
    },
  };
}

/** @returns undefined where a line is no record */
function recordsIn(bytes: Uint8Array): LedgerRecord[] | undefined {
  try {
    const lines = unpacked(bytes)?.toString("utf8").split("\n");
    const records = lines?.flatMap((line) => (line === "" ? [] : [JSON.parse(line) as LedgerRecord]));
    // Text that parses and is no record, `null` or a number, ends here as well.
    return records?.every(({ id }) => typeof id === "string") ? records : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The bodies that a record names. Of a record that was quarantined also those that its original named; of a call without an
 * outcome also those that no record names, because the gateway died between the two.
 */
async function bodiesOf(record: LedgerRecord, masked: Vault): Promise<string[]> {
  const named = [record.request?.key, record.response?.key].flatMap((key) => key ?? []);
  const mayHaveMore = isQuarantined(record) || record.type === "call.unresolved";
  return mayHaveMore && record.call !== undefined
    ? [...named, ...(await masked.list(bodiesOfCall(record.call)))]
    : named;
}

/** The objects in which a record can lie. */
export async function objectsOf(record: string, masked: Vault): Promise<string[]> {
  const keys: string[] = [];
  for (const partition of partitionsOf(record)) keys.push(...(await masked.list(partition)));
  return keys.filter((key) => mayHold(key, record));
}
