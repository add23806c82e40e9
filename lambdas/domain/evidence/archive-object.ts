import { sha256Hex } from "../json/canonical.ts";
import { archivedText, leafHash } from "./line.ts";
import { treeHash } from "./merkle.ts";
import { TRANSCRIPTS } from "./prefixes.ts";
import type { LedgerRecord } from "./record.ts";

/** A record on its way into the archive. */
export interface ArchiveLine {
  /** Canonical JSON of the record: the bytes that were hashed. */
  readonly text: string;
  /** Its writer's signature over their hash. */
  readonly signature: string;
  readonly sealed: { readonly request?: unknown; readonly response?: unknown };
  /** When the stream took it, milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** The records of one writer in an object: first and last number, and the last one's hash. */
export interface WriterRange {
  readonly id: string;
  readonly first: number;
  readonly last: number;
  /** Leaf hash of the last. */
  readonly hash: string;
}

/** One object for each vault, under the same key, and what a digest will say of both. */
export interface ArchiveObject {
  readonly key: string;
  /** JSON Lines: the records as they were hashed, each with its signature as its last member. */
  readonly masked: string;
  /** JSON Lines: `{"record": …, "sealed": {…}, "signature": …}`, the same bytes with the sealed originals beside them. */
  readonly sealed: string;
  /** Number of lines. */
  readonly records: number;
  /** Root of the RFC 6962 tree over their leaf hashes, in their order. */
  readonly root: string;
  readonly writers: readonly WriterRange[];
}

/**
 * The objects of a batch, one for each hour (UTC) in which records of it arrived: an archiver that was behind is given what
 * came in many hours at once, and whoever looks for a time looks under its hours. The name tells the lowest and highest record
 * id and the content, so a batch that is delivered again makes the same objects.
 */
export function archiveObjects(lines: readonly ArchiveLine[]): ArchiveObject[] {
  const hours = Map.groupBy(lines, ({ arrivedAt }) => partitionOf(arrivedAt));
  return [...hours].map(([partition, arrived]) => objectIn(partition, arrived));
}

function objectIn(partition: string, lines: readonly ArchiveLine[]): ArchiveObject {
  const records = lines.map(({ text }) => JSON.parse(text) as LedgerRecord);
  const leaves = lines.map(({ text }) => leafHash(text));
  const masked = lines.map(({ text, signature }) => `${archivedText(text, signature)}\n`).join("");
  const sealed = lines
    .map((line) => `{"record":${line.text},"sealed":${JSON.stringify(line.sealed)},"signature":"${line.signature}"}\n`)
    .join("");
  const ids = records.map(({ id }) => id).sort();
  const name = [ids[0], ids.at(-1), sha256Hex(sealed)].join("-");
  return {
    key: `${partition}${name}.jsonl.gz`,
    masked,
    sealed,
    records: lines.length,
    root: treeHash(leaves),
    writers: rangesOf(records.map(({ writer }, at) => ({ ...writer, hash: leaves[at] ?? "" }))),
  };
}

/** Each writer's range, in the order of their ids. */
function rangesOf(lines: readonly { readonly id: string; readonly seq: number; readonly hash: string }[]) {
  return mergeRanges(lines.map(({ id, seq, hash }) => ({ id, first: seq, last: seq, hash })));
}

/** One range for each writer, in the order of their ids. */
export function mergeRanges(ranges: readonly WriterRange[]): WriterRange[] {
  const merged = new Map<string, WriterRange>();
  for (const range of ranges) {
    const known = merged.get(range.id) ?? range;
    const later = range.last > known.last ? range : known;
    merged.set(range.id, { ...later, first: Math.min(known.first, range.first) });
  }
  return [...merged.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `<lowest id>-<highest id>-<hash>`: the records that an object can hold. */
const IDS = /\/([0-9A-Z]{26})-([0-9A-Z]{26})-[^/]+$/;

/** Whether an object may hold a record: its name tells the lowest and the highest of those in it. */
export function mayHold(key: string, id: string): boolean {
  const [, lowest, highest] = IDS.exec(key) ?? [];
  return lowest !== undefined && highest !== undefined && lowest <= id && id <= highest;
}

const PARTITION = /^transcripts\/dt=(\d{4}-\d{2}-\d{2})\/hh=(\d{2})\//;

/** Begin of the hour in which the records of an object arrived, milliseconds since the epoch; undefined for another key. */
export function arrivalHour(key: string): number | undefined {
  const [, day, hour] = PARTITION.exec(key) ?? [];
  const time = Date.parse(`${day}T${hour}:00:00.000Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Prefix of the hour that a time falls in. */
export function partitionOf(time: number): string {
  return `${TRANSCRIPTS}${hourFolder(time)}`;
}

/** `dt=YYYY-MM-DD/hh=HH/` of a time, UTC. */
export function hourFolder(time: number): string {
  const iso = new Date(time).toISOString();
  return `dt=${iso.slice(0, 10)}/hh=${iso.slice(11, 13)}/`;
}
