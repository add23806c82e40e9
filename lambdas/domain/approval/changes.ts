import type { RecordApproval, RecordEntry, RecordType } from "../evidence/record.ts";
import { recordPrincipal } from "../identity/record-principal.ts";
import type { Approval, ApprovalDecision } from "./approval.ts";

/**
 * The records that a change of an approval's row calls for, in order.
 *
 * @param before the row as it was; undefined when it is new
 * @param now milliseconds since the epoch
 */
export function recordsOfChange(before: Approval | undefined, after: Approval, now: number): RecordEntry[] {
  const entry = (type: RecordType, outcome: string, at: number, decision?: ApprovalDecision) =>
    entryOf(after, type, outcome, at, decision);
  if (before === undefined) return [entry("approval.requested", "requested", after.createdAt)];
  const records = after.decisions
    .slice(before.decisions.length)
    .map((decision) =>
      entry("approval.decided", decision.verdict === "approve" ? "approved" : "denied", decision.at, decision),
    );
  if (after.escalatedTo !== undefined && before.escalatedTo === undefined)
    records.push(entry("approval.escalated", "escalated", now));
  if (after.status !== before.status) {
    if (after.status === "EXPIRED") records.push(entry("approval.expired", "expired", now));
    if (after.status === "WITHDRAWN") records.push(entry("approval.withdrawn", "withdrawn", now));
    if (after.status === "EXECUTING") records.push(entry("approval.consumed", "consumed", after.executedAt ?? now));
  }
  return records;
}

function entryOf(
  row: Approval,
  type: RecordType,
  outcome: string,
  at: number,
  decision?: ApprovalDecision,
): RecordEntry {
  const approval: RecordApproval = {
    id: row.id,
    attempt: row.attempt,
    group: row.escalatedTo ?? row.group,
    verdict: decision?.verdict ?? null,
    by: decision?.by ?? null,
    reason: decision?.reason ?? null,
    rendered: decision?.rendered ?? null,
    waitedMs: at - row.createdAt,
  };
  return {
    type,
    occurredAt: new Date(at).toISOString(),
    session: row.session,
    call: type === "approval.consumed" ? (row.executedBy ?? row.call) : row.call,
    server: row.server,
    method: row.method,
    target: row.target,
    outcome,
    principal: recordPrincipal(row.requester),
    risks: [...new Set(row.risks.map((risk) => risk.risk))],
    decision: { kind: "approve", policies: row.policies, reason: null },
    digests: row.digests,
    approval,
  };
}
