import { sha256Hex } from "../../json/canonical.ts";
import type { ListedObject } from "../digest.ts";
import { splitLine } from "../line.ts";
import { treeHash } from "../merkle.ts";
import { leafOf } from "../quarantine.ts";
import type { RecordBody } from "../record.ts";
import type { Lanes, SeenRecord } from "./lanes.ts";
import type { Tally } from "./outcome.ts";
import { type Quarantines, standsForListed, standsForSealed } from "./quarantined.ts";
import { recordIn } from "./record-shape.ts";
import { hashOf, type Source, unpacked } from "./source.ts";

/** What checking objects works with. */
export interface Examination {
  readonly masked: Source;
  /** Null when only the masked vault is at hand. */
  readonly sealed: Source | null;
  readonly lanes: Lanes;
  readonly quarantines: Quarantines;
  readonly tally: Tally;
  /** Listed objects that were not where they should be: stored hash to key. */
  readonly lost: Map<string, string>;
  seen: { records: number; bytes: number };
}

/**
 * Checks an object that a digest lists, in both vaults.
 * @param settled whether another digest was written since
 */
export async function checkListed(object: ListedObject, settled: boolean, examination: Examination): Promise<void> {
  const { masked, sealed, tally, lost } = examination;
  if (sealed !== null) await checkSealed(object, sealed, examination);
  const bytes = await masked.read(object.key);
  if (bytes === undefined) {
    lost.set(object.masked.hash, object.key);
    return;
  }
  const same = hashOf(bytes) === object.masked.hash || standsForListed(bytes, object);
  const text = unpacked(bytes);
  const leaves = text === undefined ? [] : await readRecords(object.key, text, { vouched: same, settled }, examination);
  if (same && leaves.length === object.records && treeHash(leaves) === object.root) return tally.add("objects", "ok");
  const why =
    text === undefined
      ? "it cannot be unpacked: half a download, or changed"
      : same
        ? "its records do not give the root that was signed"
        : "its bytes are not those that were signed";
  tally.find("objects", "altered", object.key, `${why} (version ${object.masked.version || "unknown"})`);
}

async function checkSealed(object: ListedObject, source: Source, { tally, lost }: Examination) {
  const { key, sealed } = object;
  const bytes = await source.read(key);
  if (bytes === undefined) lost.set(sealed.hash, `${key} (sealed vault)`);
  else if (hashOf(bytes) === sealed.hash || standsForSealed(bytes, object)) tally.add("objects", "ok");
  else tally.find("objects", "altered", `${key} (sealed vault)`, "its bytes are not those that were signed");
}

/** Checks an object that no digest lists: its records by their signatures alone. */
export async function checkUnlisted(key: string, bytes: Uint8Array, examination: Examination): Promise<void> {
  const text = unpacked(bytes);
  if (text === undefined) return examination.tally.find("objects", "altered", key, "it cannot be unpacked");
  await readRecords(key, text, { vouched: false, settled: false }, examination);
}

const NEWLINE = 0x0a;

/**
 * Hands each record of an object to the lanes.
 * @returns the leaf hash of each
 */
async function readRecords(
  key: string,
  text: Buffer,
  standing: Pick<SeenRecord, "vouched" | "settled">,
  examination: Examination,
): Promise<string[]> {
  const { tally, lanes, quarantines, seen } = examination;
  const leaves: string[] = [];
  seen.bytes += text.length;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(NEWLINE, start);
    const end = found === -1 ? text.length : found;
    const line = text.toString("utf8", start, end);
    start = end + 1;
    seen.records += 1;
    const split = splitLine(line);
    const record = split === undefined ? undefined : recordIn(split.text);
    if (split === undefined || record === undefined) {
      tally.find("records", "altered", `${key}, line ${leaves.length + 1}`, "it is no record");
      leaves.push("");
      continue;
    }
    const hash = leafOf(split.text, record);
    quarantines.add(record, split.text);
    leaves.push(hash);
    lanes.add({ record, hash, signature: split.signature, ...standing });
    for (const body of [record.request, record.response]) if (body?.key) await checkBody(body.key, body, examination);
  }
  return leaves;
}

/** A body that was too large for its record: its name and the record hold its hashes. */
async function checkBody(key: string, { sealedHash }: RecordBody, { masked, sealed, tally, seen }: Examination) {
  const holds = async (source: Source, expected: string, where: string) => {
    const bytes = await source.read(key);
    if (bytes === undefined) return tally.find("bodies", "missing", key, `a record names it${where}`);
    seen.bytes += bytes.length;
    const text = unpacked(bytes)?.toString("utf8");
    if (text !== undefined && sha256Hex(text) === expected) return tally.add("bodies", "ok");
    tally.find("bodies", "altered", key, `it is not what its record says${where}`);
  };
  await holds(masked, key.slice(-64), "");
  if (sealed !== null && sealedHash !== null) await holds(sealed, sealedHash, " (sealed vault)");
}
