import type { LedgerRecord, RecordEntry } from "./record.ts";

/** What of a record tells whether it ends a call. */
export type CallEnd = Pick<LedgerRecord, "type" | "call" | "sender" | "outcome">;

/**
 * Whether a record says how a received call ended. A denial of what the server said in the midst of the call does not, or a
 * server could end calls; a stream that was detached is taken up by a call of its own.
 */
export function settles(record: CallEnd, received: CallEnd): boolean {
  if (record.call !== received.call) return false;
  switch (record.type) {
    case "call.completed":
    case "call.unresolved":
      return true;
    case "call.denied":
      return record.sender === undefined;
    default:
      return record.type === "message.relayed" && record.outcome === "detached";
  }
}

/**
 * What is said of a call that was received and never ended: nobody knows whether it ran.
 *
 * @param hash leaf hash of its `call.received`
 * @param at milliseconds since the epoch from which on it counts as unresolved
 */
export function unresolvedEntry(received: LedgerRecord, hash: string, at: number): RecordEntry {
  const { session, call, server, method, target, principal, source, decision, risks, approval, grant } = received;
  return {
    type: "call.unresolved",
    occurredAt: new Date(at).toISOString(),
    session,
    ...(call === undefined ? {} : { call }),
    ...(server === undefined ? {} : { server }),
    ...(method === undefined ? {} : { method }),
    ...(target === undefined ? {} : { target }),
    outcome: "unresolved",
    reason: "no outcome was recorded: whether it ran is not known",
    ...(principal === undefined ? {} : { principal }),
    ...(source === undefined ? {} : { source }),
    ...(decision === undefined ? {} : { decision }),
    ...(risks === undefined ? {} : { risks }),
    ...(approval === undefined ? {} : { approval }),
    ...(grant === undefined ? {} : { grant }),
    received: hash,
  };
}
