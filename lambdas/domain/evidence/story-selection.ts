import type { LedgerRecord } from "./record.ts";

/** Which sessions a story is wanted of. What is left out does not matter; all that is given must fit. */
export interface Selection {
  /** A session, or a call, approval or record of it. */
  readonly id?: string | undefined;
  /** `<issuer>|<subject>`: who called in it. */
  readonly principal?: string | undefined;
  readonly approval?: string | undefined;
  /** Milliseconds since the epoch: records from then on, and before then. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** The records of each session that fits, by session, in the order in which the sessions began. Each record is given once. */
export function sessionsOf(
  records: Iterable<LedgerRecord>,
  { id, principal, approval, since = -Infinity, until = Infinity }: Selection,
): Map<string, LedgerRecord[]> {
  const sessions = new Map<string, Map<string, LedgerRecord>>();
  for (const record of records) {
    const at = Date.parse(record.occurredAt);
    if (at < since || at >= until) continue;
    const known = sessions.get(record.session) ?? new Map<string, LedgerRecord>();
    known.set(record.id, record);
    sessions.set(record.session, known);
  }
  const wanted = [
    id === undefined ? undefined : (record: LedgerRecord) => idsOf(record).includes(id),
    principal === undefined ? undefined : (record: LedgerRecord) => record.principal?.id === principal,
    approval === undefined ? undefined : (record: LedgerRecord) => record.approval?.id === approval,
  ].filter((fits) => fits !== undefined);
  return new Map(
    [...sessions]
      .map(([session, known]): [string, LedgerRecord[]] => [session, [...known.values()]])
      .filter(([, told]) => wanted.every((fits) => told.some(fits)))
      .sort(([, one], [, other]) => (beginning(one) < beginning(other) ? -1 : 1)),
  );
}

const idsOf = ({ session, call, approval, id }: LedgerRecord) => [session, call, approval?.id, id];

const beginning = (records: readonly LedgerRecord[]): string =>
  records.reduce((first, { occurredAt }) => (occurredAt < first ? occurredAt : first), "~");
