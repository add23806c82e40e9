import type { Vault } from "../aws/vault.ts";
import { mayHold } from "../domain/evidence/archive-object.ts";
import { covers, type HoldSelection } from "../domain/evidence/hold.ts";
import { partitionsOf } from "../domain/evidence/partitions-of.ts";
import { isQuarantined } from "../domain/evidence/quarantine.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import { unpacked } from "../domain/evidence/verify/source.ts";

/** What an archive object has to do with a hold. */
export interface Covered {
  /** The object itself and the bodies of its records; nothing when no record fits, or there is no such object. */
  readonly keys: readonly string[];
  /** Ids of records of which a newly masked copy was made: what lies over them has no hold of its own yet. */
  readonly rewritten: readonly string[];
}

const NOTHING: Covered = { keys: [], rewritten: [] };

/** Looks into an archive object. What cannot be read is kept as a whole: nobody can tell that it holds nothing of what is wanted. */
export async function coveredIn(key: string, selection: HoldSelection, masked: Vault): Promise<Covered> {
  const bytes = await masked.read(key);
  // The archiver died before it wrote what it had begun, and its records were archived under another name.
  if (bytes === undefined) return NOTHING;
  const sorted = sortedOut(bytes, selection);
  if (sorted === undefined) return { keys: [key], rewritten: [] };
  const { fitting, rewritten } = sorted;
  const bodies = new Set<string>();
  for (const record of fitting) for (const body of await bodiesOf(record, masked)) bodies.add(body);
  return { keys: fitting.length === 0 ? [] : [key, ...bodies], rewritten };
}

function sortedOut(bytes: Uint8Array, selection: HoldSelection) {
  try {
    const lines = unpacked(bytes)?.toString("utf8").split("\n");
    const records = lines?.flatMap((line) => (line === "" ? [] : [JSON.parse(line) as LedgerRecord]));
    const orders = records?.filter(({ type }) => type === "transcript.quarantined");
    return records && orders
      ? {
          fitting: records.filter((record) => covers(selection, record)),
          rewritten: orders.flatMap(({ quarantined }) => quarantined?.record ?? []),
        }
      : undefined;
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
    ? [...named, ...(await masked.list(`bodies/${record.call}/`))]
    : named;
}

/** The objects in which a record can lie. */
export async function objectsOf(record: string, masked: Vault): Promise<string[]> {
  const keys: string[] = [];
  for (const partition of partitionsOf(record)) keys.push(...(await masked.list(partition)));
  return keys.filter((key) => mayHold(key, record));
}
