import type { Vault } from "../aws/vault.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import type { Open } from "./opener.ts";
import { maskedParts, originalBytes, type SealedLine, sealOf } from "./sealed-line.ts";
import { MOST_BYTES } from "./sought.ts";

/** The originals of a record as the API answers with them. */
export interface ShownOriginal extends Pick<LedgerRecord, "type" | "occurredAt" | "session"> {
  readonly record: string;
  readonly call: string | null;
  readonly server: string | null;
  readonly target: string | null;
  /** Null where nothing was masked, or where it is too large for this page. */
  readonly request: string | null;
  readonly response: string | null;
  /** Bytes of what is too large to be shown among others: ask for the record alone. */
  readonly tooLarge: number | null;
}

/** Characters of each body that one answer holds. */
const PIECE = MOST_BYTES / 2;

/**
 * Opens what is shown of a record.
 * @param from the character to begin at, of a record that was asked for alone; null for one of many
 */
export async function shownOf(
  line: SealedLine,
  vault: Vault,
  open: Open,
  from: number | null,
): Promise<{ readonly original: ShownOriginal; readonly next: string | null }> {
  const { id, type, occurredAt, session, call = null, server = null, target = null } = line.record;
  const about = { record: id, type, occurredAt, session, call, server, target };
  const bytes = originalBytes(line);
  if (from === null && bytes > MOST_BYTES)
    return { original: { ...about, request: null, response: null, tooLarge: bytes }, next: null };
  const texts = { request: null as string | null, response: null as string | null };
  let more = false;
  for (const part of maskedParts(line)) {
    const text = await open(await sealOf(line, part, vault), call ?? "");
    texts[part] = from === null ? text : text.slice(from, from + PIECE);
    more ||= from !== null && text.length > from + PIECE;
  }
  return { original: { ...about, ...texts, tooLarge: null }, next: more ? String((from ?? 0) + PIECE) : null };
}
