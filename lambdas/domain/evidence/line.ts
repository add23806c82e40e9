import { createHash } from "node:crypto";
import { canonical } from "../json/canonical.ts";
import type { LedgerRecord, RecordEntry, Sealed } from "./record.ts";

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
  readonly sealed: Sealed;
}

/** Makes the line of a record. */
export function lineOf(entry: RecordEntry, added: Omit<LedgerRecord, keyof RecordEntry>, sealed: Sealed): Line {
  const record: LedgerRecord = { ...entry, ...added };
  const text = canonical(record);
  return { record, text, hash: leafHash(text), sealed };
}

/** Hex SHA-256 leaf hash of a line's text. */
export const leafHash = (text: string) => createHash("sha256").update(LEAF_PREFIX).update(text, "utf8").digest("hex");
