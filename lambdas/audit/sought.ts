import type { SessionOriginals } from "../aws/session-originals.ts";
import type { Vault } from "../aws/vault.ts";
import { CountersignError } from "../domain/error.ts";
import { type ArchiveStep, findSealed, sealedLines } from "./find-sealed.ts";
import type { RevealAsk, Span } from "./reveal-ask.ts";
import { subjectOf } from "./reveal-entry.ts";
import { maskedParts, originalBytes, type SealedLine } from "./sealed-line.ts";

/** Originals that one page shows. */
const MOST_SHOWN = 50;
/**
 * Bytes of originals on one page. Lambda answers with 6 MB at most, and a body that is JSON within JSON within JSON is four times
 * as long when it is all quotation marks.
 */
export const MOST_BYTES = 1_250_000;

/** What one page is made of. */
export interface Sought {
  readonly lines: readonly SealedLine[];
  /** Where the next page begins; null when there is none. */
  readonly next: string | null;
  /** Records that were looked at, and the times between which: null for a record that was named. */
  readonly covers: { readonly records: number; readonly from: string; readonly to: string } | null;
}

export interface Places {
  readonly sealed: Vault;
  readonly ofSession: (session: string, begin: string | undefined, most: number) => Promise<SessionOriginals>;
  /** Days that the ledger keeps a record. */
  readonly hotDays: number;
  readonly now: () => number;
}

/**
 * Finds what an ask is about, as far as one page reaches.
 *
 * @param holds whether a record of the archive is meant; for a search this opens it
 * @param until when to stop looking, milliseconds since the epoch
 */
export async function sought(
  ask: RevealAsk,
  { sealed, ofSession, hotDays, now }: Places,
  holds: (line: SealedLine) => Promise<boolean>,
  until: number,
): Promise<Sought> {
  if (ask.kind === "record") {
    const line = await findSealed(sealed, ask.id);
    return { lines: line === undefined ? [] : [line], next: null, covers: null };
  }
  const { span } = ask;
  if (span !== undefined) return archived(sealedLines(sealed, span, ask.begin), span, holds, () => now() > until);
  const { lines, known } = await ofSession(subjectOf(ask), ask.begin, MOST_SHOWN + 1);
  if (!known)
    throw new CountersignError(
      "not_found",
      `the ledger holds no record of this session, and forgets after ${hotDays} days: say --from and --to, and the archive is looked through`,
    );
  const steps = lines.map((line) => ({ at: line.record.id, line }));
  return archived(
    steps,
    { from: now() - hotDays * 86_400_000, to: now() },
    async () => true,
    () => false,
  );
}

async function archived(
  steps: AsyncIterable<ArchiveStep> | Iterable<ArchiveStep>,
  { from, to }: Span,
  holds: (line: SealedLine) => Promise<boolean>,
  isLate: () => boolean,
): Promise<Sought> {
  const lines = new Map<string, SealedLine>();
  let [bytes, records] = [0, 0];
  const page = (next: string | null): Sought => ({
    lines: [...lines.values()],
    next,
    covers: { records, from: new Date(from).toISOString(), to: new Date(to).toISOString() },
  });
  for await (const { at, line } of steps) {
    if (isLate()) return page(at);
    if (line === undefined) continue;
    if (maskedParts(line).length > 0 && !lines.has(line.record.id) && (await holds(line))) {
      const larger = bytes + Math.min(originalBytes(line), MOST_BYTES);
      if (lines.size === MOST_SHOWN || (lines.size > 0 && larger > MOST_BYTES)) return page(at);
      bytes = larger;
      lines.set(line.record.id, line);
    }
    records += 1;
  }
  return page(null);
}
