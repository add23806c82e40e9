import { approvalsTable } from "../aws/approvals-table.ts";
import { grantsTable } from "../aws/grants-table.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { type Grant, isActive } from "../domain/approval/grant.ts";
import type { RecordEntry } from "../domain/evidence/record.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import type { House } from "./house.ts";

/** Grants that one run ends. */
const MOST_ENDED = 200;
const BY = "time";
const REASON = "its time is over";

/**
 * Ends grants whose time is over, or whose calls are used up. They cover nothing since; this is for those who look at them, and for the record,
 * which is written first: one that is there twice is better than none.
 */
export function endGrants({ environment, now, writer }: House): () => Promise<void> {
  const grants = grantsTable(environment);
  const approvals = approvalsTable(environment);
  return async () => {
    const over = (await grants.all()).filter((grant) => grant.status === "ACTIVE" && !isActive(grant, now()));
    for (const grant of over.slice(0, MOST_ENDED)) {
      const row = await approvals.get(grant.approval);
      await writer.append(endedRecord(grant, row));
      const reason = reasonOf(grant);
      await grants.end(grant, BY, reason, now());
      if (row?.kind === "call") await approvals.withdraw(grant.approval, { by: BY, reason, at: now() });
    }
  };
}

const reasonOf = ({ usesLeft }: Grant) => (usesLeft === 0 ? "every call it was for was made" : REASON);

/** @param row the approval that it came out of; rows go after a while */
function endedRecord(grant: Grant, row: Approval | undefined): RecordEntry {
  return {
    type: "grant.ended",
    occurredAt: new Date(grant.usesLeft === 0 ? (grant.lastUsedAt ?? grant.endsAt) : grant.endsAt).toISOString(),
    session: row?.session ?? `grant-${grant.id}`,
    server: grant.server,
    target: grant.tools.join(", "),
    outcome: "ended",
    reason: reasonOf(grant),
    ...(row === undefined ? {} : { principal: recordPrincipal(row.requester) }),
    approval: {
      id: grant.approval,
      attempt: row?.attempt ?? 0,
      group: grant.group,
      verdict: null,
      by: BY,
      reason: reasonOf(grant),
      person: null,
      rendered: null,
      waitedMs: null,
    },
    grant: { id: grant.id, approval: grant.approval, expiresAt: new Date(grant.endsAt).toISOString() },
  };
}
