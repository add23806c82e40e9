import { hash } from "node:crypto";
import { canonical } from "../json/canonical.ts";
import type { LedgerRecord, RecordEntry, Sealed } from "./record.ts";
import { SIGNATURE_LENGTH } from "./signing.ts";

/** RFC 6962 section 2.1: a leaf is hashed under this prefix, so that it can never pass for an inner node. */
const LEAF_PREFIX = Buffer.from([0x00]);

/** The `previous` of a writer's first record. */
export const NO_PREVIOUS = "0".repeat(64);

/** A record ready to be stored: the bytes that are hashed, and what lies beside them. */
export interface Line {
  readonly record: LedgerRecord;
  /** Canonical JSON (RFC 8785) of the record. */
  readonly text: string;
  /** Hex SHA-256 leaf hash of `text`. */
  readonly hash: string;
  /** Ed25519 signature over the hash, by the environment that wrote it. */
  readonly signature: string;
  readonly sealed: Sealed;
}

/** Makes the line of a record. */
export function lineOf(
  entry: RecordEntry,
  added: Omit<LedgerRecord, keyof RecordEntry>,
  sealed: Sealed,
  sign: (hash: string) => string,
): Line {
  const record: LedgerRecord = { ...entry, ...added };
  const text = canonical(record);
  const leaf = leafHash(text);
  return { record, text, hash: leaf, signature: sign(leaf), sealed };
}

/** Hex SHA-256 leaf hash of a line's text. */
export const leafHash = (text: string | Uint8Array): string =>
  hash("sha256", Buffer.concat([LEAF_PREFIX, typeof text === "string" ? Buffer.from(text) : text]), "hex");

const BEFORE = ',"signature":"';
const AFTER = '"}';
const TAIL = BEFORE.length + SIGNATURE_LENGTH + AFTER.length;

/** A line of the archive: the hashed bytes with the signature as one more member at their end. */
export const archivedText = (text: string, signature: string): string =>
  `${text.slice(0, -1)}${BEFORE}${signature}${AFTER}`;

/** The hashed bytes and the signature of an archived line; undefined when it is none. */
export function splitLine(line: string): { readonly text: string; readonly signature: string } | undefined {
  const at = line.length - TAIL;
  if (at < 1 || !line.startsWith(BEFORE, at) || !line.endsWith(AFTER)) return undefined;
  return { text: `${line.slice(0, at)}}`, signature: line.slice(at + BEFORE.length, -AFTER.length) };
}

/** The record of an archived line, as it was hashed. @throws Error when the line is none */
export function hashedText(line: string): string {
  const split = splitLine(line);
  if (split === undefined) throw new Error("a line of the archive bears no signature");
  return split.text;
}
