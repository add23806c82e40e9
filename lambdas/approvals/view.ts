import type { Approval } from "../domain/approval/approval.ts";
import { statusAt } from "../domain/approval/state.ts";
import type { Principal } from "../domain/identity/principal.ts";

/** An approval as a line of a list: who, what, how it stands. */
export const summary = (row: Approval, now: number) => ({
  id: row.id,
  attempt: row.attempt,
  status: statusAt(row, now),
  createdAt: row.createdAt,
  deadline: row.deadline,
  group: row.group,
  requester: requesterOf(row.requester),
  server: row.server,
  method: row.method,
  tool: row.target,
});

/** An approval as its page shows it: no token, no internals. */
export const view = (row: Approval, now: number, whyNot: string | null) => ({
  ...summary(row, now),
  quorum: row.quorum,
  approvals: row.decisions.filter((decision) => decision.verdict === "approve").length,
  arguments: row.arguments,
  risks: row.risks,
  policies: row.policies,
  decisions: row.decisions.map(({ by, verdict, reason, at }) => ({ by, verdict, reason, at })),
  canDecide: whyNot === null,
  ...(whyNot === null ? {} : { whyNot }),
});

const requesterOf = ({ kind, name, id, client, initiator }: Principal) => ({
  kind,
  name,
  id,
  clientId: client,
  initiator,
});
