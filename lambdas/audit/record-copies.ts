import { objectsOf } from "../aws/objects-of.ts";
import type { Vault } from "../aws/vault.ts";
import type { Present, VaultCopies } from "../aws/vault-copies.ts";
import { type ArchivedLine, archivedLine } from "../domain/evidence/quarantine.ts";
import type { Sealed } from "../domain/evidence/record.ts";

/** One object of the archive that holds a record, in both vaults. */
export interface RecordCopy {
  readonly key: string;
  readonly masked: Present;
  readonly sealed: Present;
  /** Its lines, and which of them is the record's. */
  readonly lines: readonly string[];
  readonly at: number;
  readonly line: ArchivedLine;
  /** The record's line of the sealed vault: where it stands, and its originals. */
  readonly sealedLines: readonly string[];
  readonly sealedAt: number;
  readonly originals: Sealed;
}

/** Every object that holds a record: it may have been delivered twice. */
export async function recordCopies(
  id: string,
  listing: Vault,
  { masked, sealed }: { readonly masked: VaultCopies; readonly sealed: VaultCopies },
): Promise<RecordCopy[]> {
  const found: RecordCopy[] = [];
  for await (const keys of objectsOf(id, listing)) {
    for (const key of keys) {
      const [one, other] = await Promise.all([masked.present(key), sealed.present(key)]);
      const copy = one && other && copyIn(key, id, one, other);
      if (copy) found.push(copy);
    }
    if (found.length > 0) break;
  }
  return found;
}

function copyIn(key: string, id: string, masked: Present, sealed: Present): RecordCopy | undefined {
  const lines = linesOf(masked);
  const at = lines.findIndex((text) => text.includes(id) && archivedLine(text)?.record.id === id);
  const sealedLines = linesOf(sealed);
  const sealedAt = sealedLines.findIndex((text) => text.includes(id) && sealedLine(text).record.id === id);
  const line = archivedLine(lines[at] ?? "");
  if (line === undefined || sealedAt === -1) return undefined;
  const originals = sealedLine(sealedLines[sealedAt] ?? "").sealed;
  return { key, masked, sealed, lines, at, line, sealedLines, sealedAt, originals };
}

const linesOf = ({ text }: Present): string[] => text.split("\n").filter((line) => line !== "");

const sealedLine = (text: string) =>
  JSON.parse(text) as { readonly record: { readonly id: string }; readonly sealed: Sealed };
