import { canonical } from "../json/canonical.ts";
import type { Finding } from "../masking/index.ts";
import { archivedText, leafHash, splitLine } from "./line.ts";
import type { LedgerRecord, Sealed } from "./record.ts";

/** A text masked anew, and what was found in it. */
export interface Remasked {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** A line of the masked vault, taken apart. */
export interface ArchivedLine {
  readonly record: LedgerRecord;
  /** Canonical JSON, as it stands there. */
  readonly text: string;
  readonly signature: string;
}

/** Whether a record is the newly masked copy of another line, not that line. */
export const isQuarantined = ({ type, quarantined }: LedgerRecord): boolean =>
  quarantined !== undefined && type !== "transcript.quarantined";

/**
 * The leaf hash that a line stands for: of a newly masked copy that of its original, under which its writer signed it and
 * a digest lists it. So chains, roots and signatures hold with the original out of sight.
 *
 * @param text canonical JSON of a record
 */
export function leafOf(text: string, record: LedgerRecord): string {
  return isQuarantined(record) && record.quarantined !== undefined ? record.quarantined.hash : leafHash(text);
}

/** Takes a line of the masked vault apart; undefined when it is none. */
export function archivedLine(line: string): ArchivedLine | undefined {
  const split = splitLine(line);
  return split === undefined ? undefined : { ...split, record: JSON.parse(split.text) as LedgerRecord };
}

/**
 * The newly masked copy of a record: its free texts by `remask`, its bodies as they were made ready before.
 *
 * @param order id of the record that orders it
 * @param hash leaf hash of the original line
 */
export function quarantinedCopy(
  record: LedgerRecord,
  bodies: Pick<LedgerRecord, "request" | "response">,
  {
    order,
    hash,
    remask,
  }: { readonly order: string; readonly hash: string; readonly remask: (text: string) => Remasked },
): LedgerRecord {
  const again = (text: string) => remask(text).text;
  const { headers, target, reason } = record;
  return {
    ...record,
    ...(target === undefined ? {} : { target: again(target) }),
    ...(reason === undefined ? {} : { reason: again(reason) }),
    ...(headers === undefined
      ? {}
      : { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, again(value)])) }),
    ...bodies,
    quarantined: { record: order, hash, copy: null },
  };
}

/** The line of a copy, for each vault. The signature stays: it is over the original's hash, which the copy names. */
export function copyLines(copy: LedgerRecord, signature: string, sealed: Sealed) {
  const text = canonical(copy);
  return {
    hash: leafHash(text),
    masked: archivedText(text, signature),
    sealed: `{"record":${text},"sealed":${JSON.stringify(sealed)},"signature":"${signature}"}`,
  };
}

/** What stands where a text is out of sight, and no copy is at hand. */
const OUT_OF_SIGHT = "[QUARANTINED]";

/**
 * Hides what was quarantined from who reads a place that cannot change: the hot ledger, or a folder that was copied before.
 *
 * @param texts canonical JSON of records, the orders among them
 */
export function withoutQuarantined(texts: readonly string[]): string[] {
  const hidden = new Set(texts.flatMap(orderedIn));
  if (hidden.size === 0) return [...texts];
  return texts.map((text) => {
    const record = JSON.parse(text) as LedgerRecord;
    return hidden.has(record.id) && !isQuarantined(record) ? canonical(hide(record)) : text;
  });
}

function orderedIn(text: string): string[] {
  if (!text.includes('"transcript.quarantined"')) return [];
  const { type, quarantined } = JSON.parse(text) as LedgerRecord;
  return type === "transcript.quarantined" && quarantined !== undefined ? [quarantined.record] : [];
}

function hide({ request, response, headers: _, ...record }: LedgerRecord): LedgerRecord {
  return {
    ...record,
    ...(record.target === undefined ? {} : { target: OUT_OF_SIGHT }),
    ...(record.reason === undefined ? {} : { reason: OUT_OF_SIGHT }),
    ...(request === undefined ? {} : { request: { ...request, text: OUT_OF_SIGHT, key: null } }),
    ...(response === undefined ? {} : { response: { ...response, text: OUT_OF_SIGHT, key: null } }),
  };
}
