import type { AccessTable } from "../aws/access-table.ts";
import type { ApprovalsTable } from "../aws/approvals-table.ts";
import type { GrantsTable } from "../aws/grants-table.ts";
import type { Approval } from "../domain/approval/approval.ts";
import type { Grant } from "../domain/approval/grant.ts";
import { grantOf } from "../domain/approval/grant-of.ts";
import type { Writer } from "../domain/evidence/writer.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";

/** What grants are made and ended with. */
export interface Granting {
  readonly approvals: Pick<ApprovalsTable, "get">;
  readonly grants: Pick<GrantsTable, "create" | "end">;
  readonly access: Pick<AccessTable, "look">;
  readonly writer: Writer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Makes the grant of an approval that was just given, where the decision's own function did not come to it. Its record,
 * `grant.created`, is one of the change's: it is written once, whoever made the grant.
 */
export async function grantAgain(before: Approval | undefined, row: Approval, granting: Granting): Promise<void> {
  if (before?.status !== "PENDING") return;
  const grant = grantOf(row, granting.now());
  if (grant === null) return;
  await granting.grants.create(grant);
  const why = await takenBack(row, grant, granting);
  if (why === undefined) return;
  // Whoever took it back found no grant to end.
  const now = granting.now();
  await granting.writer.append({
    type: "grant.ended",
    occurredAt: new Date(now).toISOString(),
    session: row.session,
    call: row.call,
    server: grant.server,
    target: grant.tools.join(", "),
    outcome: "ended",
    reason: why,
    principal: recordPrincipal(row.requester),
    grant: { id: grant.id, approval: grant.approval, expiresAt: new Date(grant.endsAt).toISOString() },
  });
  await granting.grants.end(grant, "countersign", why, now);
}

async function takenBack(row: Approval, grant: Grant, { approvals, access }: Granting): Promise<string | undefined> {
  if ((await approvals.get(row.id))?.status === "WITHDRAWN") return "the approval was withdrawn";
  const { blocked, blockedAt } = await access.look(grant.principal);
  return blocked || (blockedAt !== null && blockedAt >= grant.createdAt) ? "the principal was blocked" : undefined;
}
