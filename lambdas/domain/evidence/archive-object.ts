import { sha256Hex } from "../json/canonical.ts";

/** A record on its way into the archive. */
export interface ArchiveLine {
  /** Canonical JSON of the record: the bytes that were hashed. */
  readonly text: string;
  readonly sealed: { readonly request?: unknown; readonly response?: unknown };
  /** When the stream took it, milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** One object for each vault, under the same key. */
export interface ArchiveObject {
  readonly key: string;
  /** JSON Lines: the records as they were hashed. */
  readonly masked: string;
  /** JSON Lines: `{"record": …, "sealed": {…}}`, the same bytes with the sealed originals beside them. */
  readonly sealed: string;
}

/** The objects of a batch; undefined for an empty one. The partition is the first record's time of arrival, UTC. */
export function archiveObject(lines: readonly ArchiveLine[]): ArchiveObject | undefined {
  const [first] = lines;
  if (first === undefined) return undefined;
  const masked = lines.map((line) => `${line.text}\n`).join("");
  const sealed = lines.map((line) => `{"record":${line.text},"sealed":${JSON.stringify(line.sealed)}}\n`).join("");
  const name = sha256Hex(sealed);
  return { key: `${partitionOf(first.arrivedAt)}${name}.jsonl.gz`, masked, sealed };
}

/** Prefix of the hour that a time falls in. */
export function partitionOf(time: number): string {
  const iso = new Date(time).toISOString();
  return `transcripts/dt=${iso.slice(0, 10)}/hh=${iso.slice(11, 13)}/`;
}
