import type { RecordEntry } from "../domain/evidence/record.ts";
import { type ContentKey, sealOriginal } from "../domain/evidence/sealed-original.ts";
import { sha256Hex } from "../domain/json/canonical.ts";
import type { RevealAsk } from "./reveal-ask.ts";
import type { SealedLine } from "./sealed-line.ts";

/** Who asks, from where, why, and what Cedar says of it: the same in every record of one ask. */
export type Asking = Required<Pick<RecordEntry, "occurredAt" | "principal" | "source" | "reason" | "decision">> &
  Pick<RecordEntry, "approval">;

/** What an ask is about, by one name: the text of a search is itself a secret. */
export const subjectOf = (ask: RevealAsk): string => (ask.kind === "search" ? "search" : ask.id);

/**
 * Somebody is about to see the original of a record.
 * @param within the session or the search that led to it; undefined when the record itself was asked for
 */
export const revealedEntry = (asking: Asking, { record }: SealedLine, within: string | undefined): RecordEntry => ({
  ...asking,
  type: "transcript.revealed",
  session: record.session,
  ...(record.call === undefined ? {} : { call: record.call }),
  ...(within === undefined ? {} : { target: within }),
  outcome: "revealed",
  revealed: record.id,
});

/** Nothing is shown, because nothing was found or no policy permits it. */
export const unrevealedEntry = (asking: Asking, ask: RevealAsk, outcome: "not-found" | "refused"): RecordEntry => ({
  ...asking,
  type: outcome === "refused" ? "access.refused" : "transcript.revealed",
  session: ask.kind === "session" ? ask.id : `reveal-${subjectOf(ask)}`,
  outcome,
  revealed: subjectOf(ask),
});

/**
 * Somebody is about to have originals opened to look for a text in them. The text may be a secret: it lies sealed beside the
 * record, under a salt that keeps its hash from being tried out.
 *
 * @param id of this search: names its session
 */
export async function searchEntry(
  asking: Asking,
  { text, span, begin }: Extract<RevealAsk, { kind: "search" }>,
  id: string,
  contentKey: () => Promise<ContentKey>,
): Promise<{ readonly entry: RecordEntry; readonly sealed: string }> {
  const call = `search-${id}`;
  const where = { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString(), begin: begin ?? null };
  const original = JSON.stringify({ search: text, ...where, salt: id });
  const sealed = await sealOriginal(original, call, await contentKey());
  const request = {
    text: JSON.stringify({ search: `[${text.length} characters, sealed]`, ...where }),
    key: null,
    originalHash: sha256Hex(original),
    originalBytes: Buffer.byteLength(original),
    findings: [],
    findingCount: 1,
    sealedHash: sha256Hex(sealed),
  };
  const entry = { ...asking, type: "transcript.revealed", session: call, call, outcome: "searched", request } as const;
  return { entry, sealed };
}
