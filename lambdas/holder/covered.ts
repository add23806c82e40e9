import { objectsOf } from "../aws/objects-of.ts";
import type { Vault } from "../aws/vault.ts";
import { bodiesOfCall } from "../domain/evidence/body.ts";
import { covers, type HoldSelection, ofWholeCalls } from "../domain/evidence/hold.ts";
import { isQuarantined } from "../domain/evidence/quarantine.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import { unpacked } from "../domain/evidence/verify/source.ts";

/** An archive object that was read once, for any number of holds. */
export interface Opened {
  /** Ids of records of which a newly masked copy was made: what lies over them has no hold of its own yet. */
  readonly rewritten: readonly string[];
  /** The object itself and the bodies of its records, as far as a hold covers them; nothing when no record fits. */
  coveredBy(selection: HoldSelection): Promise<ReadonlySet<string>>;
  /**
   * What a lifted hold lets go: the object itself where no other hold covers a record in it, and bodies where none covers
   * anything of their call. Another object may hold the record by which it keeps the same body, so here a hold reaches the
   * bodies of whole calls: what is spared like that goes with the last hold.
   */
  freedFrom(lifted: HoldSelection, others: readonly HoldSelection[]): Promise<ReadonlySet<string>>;
}

/** Looks into an archive object. What cannot be read is kept as a whole: nobody can tell that it holds nothing of what is wanted. */
export async function opened(key: string, masked: Vault): Promise<Opened> {
  const bytes = await masked.read(key);
  // The archiver died before it wrote what it had begun, and its records were archived under another name.
  if (bytes === undefined) return as(new Set());
  const records = recordsIn(bytes);
  if (records === undefined) return as(new Set([key]));

  const objectFor = (selection: HoldSelection) => (records.some((record) => covers(selection, record)) ? [key] : []);
  const bodiesFor = async (selection: HoldSelection) => {
    const fitting = records.filter((record) => covers(selection, record));
    return (await Promise.all(fitting.map((record) => bodiesOf(record, masked)))).flat();
  };
  const reach = async (selection: HoldSelection) =>
    new Set([...objectFor(selection), ...(await bodiesFor(ofWholeCalls(selection)))]);
  return {
    rewritten: records.flatMap(({ type, quarantined }) =>
      type === "transcript.quarantined" && quarantined ? [quarantined.record] : [],
    ),
    coveredBy: async (selection) => new Set([...objectFor(selection), ...(await bodiesFor(selection))]),
    async freedFrom(lifted, others) {
      let freed = await reach(lifted);
      for (const other of others) freed = freed.difference(await reach(other));
      return freed;
    },
  };
}

/** An object of which every hold keeps the same. */
const as = (keys: ReadonlySet<string>): Opened => ({
  rewritten: [],
  coveredBy: async () => keys,
  freedFrom: async (_, others) => (others.length === 0 ? keys : new Set()),
});

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

/** The objects that hold a record, and those before them of which nobody can tell. */
export async function objectsWith(record: string, masked: Vault): Promise<string[]> {
  const found: string[] = [];
  for await (const keys of objectsOf(record, masked)) {
    let isHere = false;
    for (const key of keys) {
      const bytes = await masked.read(key);
      if (bytes === undefined) continue;
      const records = recordsIn(bytes);
      const holds = records?.some(({ id }) => id === record);
      if (holds !== false) found.push(key);
      if (holds) isHere = true;
    }
    if (isHere) break;
  }
  return found;
}
