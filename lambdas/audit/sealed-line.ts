import type { Vault } from "../aws/vault.ts";
import type { LedgerRecord, Sealed } from "../domain/evidence/record.ts";

/** A record with the sealed originals that lie beside it. */
export interface SealedLine {
  readonly record: LedgerRecord;
  readonly sealed: Sealed;
}

const PARTS = ["request", "response"] as const;
export type Part = (typeof PARTS)[number];

/** Which bodies of a record were changed by masking: only those have an original of their own. */
export const maskedParts = ({ record }: SealedLine): Part[] =>
  PARTS.filter((part) => (record[part]?.sealedHash ?? null) !== null);

/** Bytes of the originals that a line seals. */
export const originalBytes = (line: SealedLine): number =>
  maskedParts(line).reduce((sum, part) => sum + (line.record[part]?.originalBytes ?? 0), 0);

/** The sealed original of a body: beside the record, or of a large body an object of its own. */
export async function sealOf({ record, sealed }: SealedLine, part: Part, vault: Vault): Promise<string> {
  const inline = sealed[part];
  if (inline !== undefined) return inline;
  const key = record[part]?.key;
  if (key == null) throw new Error(`the ${part} of record ${record.id} is masked, and its original is nowhere`);
  return vault.get(key);
}
