import type { RecordApproval, RecordEntry, RecordType } from "../evidence/record.ts";
import { recordPrincipal } from "../identity/record-principal.ts";
import { canonical } from "../json/canonical.ts";
import type { Json } from "../json/json.ts";
import type { Approval, Speaker } from "./approval.ts";
import { grantOf } from "./grant-of.ts";

/** A review comes after the call: nothing is approved by it any more. */
const OUTCOME = {
  call: { approve: "approved", deny: "denied" },
  review: { approve: "acknowledged", deny: "objected" },
} as const;

/** Who said what, where a record is about somebody's word. */
type Word = Partial<Pick<RecordApproval, "verdict" | "by" | "person" | "reason" | "scope" | "rendered">> & Speaker;

/**
 * The records that a change of an approval's row calls for, in order. They follow from the change alone, so that a change
 * that is delivered again calls for the very same ones.
 *
 * @param before the row as it was; undefined when it is new
 * @param now milliseconds since the epoch when the row changed
 */
export function recordsOfChange(before: Approval | undefined, after: Approval, now: number): RecordEntry[] {
  const entry = (type: RecordType, outcome: string, at: number, word?: Word) => entryOf(after, type, outcome, at, word);
  if (before === undefined) return [entry("approval.requested", "requested", after.createdAt)];
  const records = after.decisions.slice(before.decisions.length).map((decision) =>
    entry("approval.decided", OUTCOME[after.kind === "review" ? "review" : "call"][decision.verdict], decision.at, {
      ...decision,
      scope: canonical(decision.scope as unknown as Json),
    }),
  );
  if (after.escalatedTo !== undefined && before.escalatedTo === undefined)
    records.push(entry("approval.escalated", "escalated", now));
  if (after.status !== before.status) {
    if (after.status === "EXPIRED") records.push(entry("approval.expired", "expired", now));
    if (after.status === "WITHDRAWN")
      records.push(entry("approval.withdrawn", "withdrawn", after.withdrawn?.at ?? now, after.withdrawn));
    if (after.status === "EXECUTING") records.push(entry("approval.consumed", "consumed", after.executedAt ?? now));
    const grant = after.status === "APPROVED" && before.status === "PENDING" ? grantOf(after, now) : null;
    if (grant !== null)
      records.push({
        ...entry("grant.created", "created", grant.createdAt),
        reason: grant.reason,
        grant: {
          id: grant.id,
          approval: grant.approval,
          expiresAt: new Date(grant.endsAt).toISOString(),
          reach: canonical({
            tools: grant.tools,
            constraint: grant.constraint,
            arguments: grant.argumentsDigest,
            session: grant.session,
            uses: grant.usesLeft,
            risks: grant.risks,
            approvedBy: grant.approvedBy,
          } as unknown as Json),
        },
      });
  }
  return records;
}

function entryOf(row: Approval, type: RecordType, outcome: string, at: number, word: Word = {}): RecordEntry {
  const approval: RecordApproval = {
    id: row.id,
    attempt: row.attempt,
    group: row.escalatedTo ?? row.group,
    verdict: word.verdict ?? null,
    by: word.by ?? null,
    person: word.person ?? null,
    reason: word.reason ?? null,
    scope: word.scope ?? null,
    rendered: word.rendered ?? null,
    waitedMs: at - row.createdAt,
    ...(word.who === undefined ? {} : { who: word.who }),
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
    ...(word.source === undefined ? {} : { source: word.source }),
  };
}
