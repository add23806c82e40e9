import { CountersignError } from "../domain/error.ts";
import { readReveal } from "./reveal-body.ts";

/** A stretch of time, in milliseconds since the epoch: from then on, and before. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What an auditor wants to see the originals of. */
export type RevealAsk = {
  readonly reason: string;
  /** Where this page begins, as the page before named it; undefined for the first. */
  readonly begin: string | undefined;
  /** Another person's consent to it, where it is named; a record or a session finds its own. */
  readonly approval: string | undefined;
} & (
  | { readonly kind: "record"; readonly id: string }
  /** Without a span what the ledger still holds of it. */
  | { readonly kind: "session"; readonly id: string; readonly span: Span | undefined }
  | { readonly kind: "search"; readonly text: string; readonly span: Span }
);

/** Longest stretch of one ask: a month's archive is many pages already. */
const LONGEST_SPAN = 31 * 86_400_000;
const KINDS = ["record", "session", "search"] as const;

/** @throws CountersignError `bad_request` that says which field is wrong */
export function readAsk(body: Readonly<Record<string, unknown>>): RevealAsk {
  const [kind, ...more] = KINDS.filter((name) => body[name] !== undefined);
  if (kind === undefined || more.length > 0) throw wrong('name one of "record", "session" and "search"');
  const begin = body.begin === undefined ? undefined : textOf(body, "begin", 1, 400);
  const approval = body.approval === undefined ? undefined : textOf(body, "approval", 26, 26);
  if (kind === "record") {
    const { record: id, reason } = readReveal(body);
    if (begin !== undefined && !/^\d{1,9}$/.test(begin)) throw wrong('"begin" is not what a page named');
    return { kind, id, reason, begin, approval };
  }
  const reason = textOf(body, "reason", 3, 1000).trim();
  const span = spanOf(body);
  if (kind === "session") return { kind, id: textOf(body, "session", 1, 300), reason, begin, approval, span };
  if (span === undefined) throw wrong('a search needs "from" and "to"');
  return { kind, text: textOf(body, "search", 4, 500), reason, begin, approval, span };
}

const wrong = (message: string) => new CountersignError("bad_request", message);

function textOf(body: Readonly<Record<string, unknown>>, name: string, least: number, most: number): string {
  const text = body[name];
  if (typeof text === "string" && text.trim().length >= least && text.length <= most) return text;
  throw wrong(`"${name}" must be a text of ${least} to ${most} characters`);
}

function spanOf({ from, to }: Readonly<Record<string, unknown>>): Span | undefined {
  if (from === undefined && to === undefined) return undefined;
  const span = { from: Date.parse(String(from)), to: Date.parse(String(to)) };
  if (!(span.from < span.to)) throw wrong('"from" and "to" must be two times, the earlier one first');
  if (span.to - span.from > LONGEST_SPAN) throw wrong("at most 31 days may be asked for at once");
  return span;
}
