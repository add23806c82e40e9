import type { Approval } from "../domain/approval/approval.ts";
import { statusAt } from "../domain/approval/state.ts";
import type { Principal } from "../domain/identity/principal.ts";

/** An approval as the console shows it: no token, no internals. */
export function view(row: Approval, now: number, whyNot: string | null) {
  return {
    id: row.id,
    attempt: row.attempt,
    status: statusAt(row, now),
    createdAt: row.createdAt,
    deadline: row.deadline,
    group: row.group,
    quorum: row.quorum,
    approvals: row.decisions.filter((decision) => decision.verdict === "approve").length,
    requester: requesterOf(row.requester),
    server: row.server,
    method: row.method,
    tool: row.target,
    arguments: row.arguments,
    risks: row.risks,
    policies: row.policies,
    decisions: row.decisions.map(({ by, verdict, reason, at }) => ({ by, verdict, reason, at })),
    canDecide: whyNot === null,
    ...(whyNot === null ? {} : { whyNot }),
  };
}

const requesterOf = ({ kind, name, id, client, initiator }: Principal) => ({
  kind,
  name,
  id,
  clientId: client,
  initiator,
});
