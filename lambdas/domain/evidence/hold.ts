import { HOUR } from "./digest.ts";
import type { LedgerRecord } from "./record.ts";

/** What a legal hold keeps: everything that fits all that is given. */
export interface HoldSelection {
  readonly session: string | null;
  /** `<issuer>|<subject>`, as records name it. */
  readonly principal: string | null;
  /** Milliseconds since the epoch when a record was made, both included; null: without bound. */
  readonly from: number | null;
  readonly until: number | null;
}

/** Who said something about a hold, why and when. */
export interface HoldWord {
  readonly id: string;
  /** The verified claim by which people are told apart. */
  readonly person: string;
  readonly name: string;
  readonly reason: string;
  readonly at: number;
}

/** A legal hold: it stays until two people lift it. */
export interface Hold {
  readonly id: string;
  readonly selection: HoldSelection;
  readonly status: "HELD" | "LIFT_ASKED" | "LIFTED";
  readonly put: HoldWord;
  readonly liftAsked: HoldWord | null;
  readonly lifted: HoldWord | null;
}

/** Whether a record is to be kept. */
export function covers({ session, principal, from, until }: HoldSelection, record: LedgerRecord): boolean {
  const at = Date.parse(record.recordedAt);
  return (
    (session === null || record.session === session) &&
    (principal === null || record.principal?.id === principal) &&
    (from === null || at >= from) &&
    (until === null || at <= until)
  );
}

/** Milliseconds that records of one call can be apart: one without an outcome is found as long as the manifest is kept, 30 days. */
const CALL_SPAN = 31 * 24 * HOUR;

/** A selection that fits every record of a call of which the given one fits any. */
export const ofWholeCalls = (selection: HoldSelection): HoldSelection => ({
  ...selection,
  from: selection.from === null ? null : Math.max(0, selection.from - CALL_SPAN),
  until: selection.until === null ? null : selection.until + CALL_SPAN,
});

/** Whether a hold still keeps what it covers. A row that says it was lifted, but not by two people, keeps it. */
export const keeps = ({ status, liftAsked, lifted }: Hold): boolean =>
  status !== "LIFTED" || liftAsked === null || lifted === null || liftAsked.person === lifted.person;

/** A selection in one line, for a record and for people. */
export function selectionText({ session, principal, from, until }: HoldSelection): string {
  const time = (at: number) => new Date(at).toISOString();
  return [
    ...(session === null ? [] : [`session ${session}`]),
    ...(principal === null ? [] : [`principal ${principal}`]),
    ...(from === null ? [] : [`from ${time(from)}`]),
    ...(until === null ? [] : [`until ${time(until)}`]),
  ].join(", ");
}
