import type { LedgerRecord } from "../record.ts";

/**
 * Whether a SIEM is told of a record. An event of API Activity is a call, and how it ended: the record of its end says all
 * that the one of its beginning said, and names it by its hash. What waits for somebody is told when it begins as well.
 * A call without an end is told as `call.unresolved`.
 *
 * @param received whether the beginnings of calls that go ahead at once are asked for too
 */
export const isTold = ({ type, decision }: LedgerRecord, received: boolean): boolean =>
  received || type !== "call.received" || decision?.kind !== "allow";
