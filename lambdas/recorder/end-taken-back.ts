import type { AccessTable } from "../aws/access-table.ts";
import type { ApprovalsTable } from "../aws/approvals-table.ts";
import type { GrantsTable } from "../aws/grants-table.ts";
import type { Approval } from "../domain/approval/approval.ts";
import type { Grant } from "../domain/approval/grant.ts";
import { grantOf } from "../domain/approval/grant-of.ts";
import type { RecordEntry } from "../domain/evidence/record.ts";
import type { Writer } from "../domain/evidence/writer.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { derivedIds } from "./derived-ids.ts";

/** What grants are ended with. */
export interface Granting {
  readonly approvals: Pick<ApprovalsTable, "get">;
  readonly grants: Pick<GrantsTable, "end">;
  readonly access: Pick<AccessTable, "look">;
  readonly writer: Writer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Ends the grant of an approval that was just given, where somebody took it back meanwhile: the one who did looked for grants
 * before this one was there, and the decision's own function may not have come to look.
 */
export async function endTakenBack(before: Approval | undefined, row: Approval, granting: Granting): Promise<void> {
  if (before?.status !== "PENDING") return;
  const grant = grantOf(row, granting.now());
  if (grant === null) return;
  const why = await takenBack(row, grant, granting);
  if (why === undefined) return;
  const { reason, at } = why;
  // Named by what it tells: when this dies before the grant has ended, it is told again, in the same words.
  const id = derivedIds(`ended|${grant.id}|${reason}`)(at);
  const entry: RecordEntry = {
    type: "grant.ended",
    occurredAt: new Date(at).toISOString(),
    session: row.session,
    call: row.call,
    server: grant.server,
    target: grant.tools.join(", "),
    outcome: "ended",
    reason,
    principal: recordPrincipal(row.requester),
    grant: { id: grant.id, approval: grant.approval, expiresAt: new Date(grant.endsAt).toISOString() },
  };
  await granting.writer.append(entry, {}, id);
  await granting.grants.end(grant, "countersign", reason, at);
}

/** Why a grant is none, and since when (milliseconds since the epoch). */
interface TakenBack {
  readonly reason: string;
  readonly at: number;
}

async function takenBack(row: Approval, grant: Grant, { approvals, access }: Granting): Promise<TakenBack | undefined> {
  const since = (at: number | null | undefined) => Math.max(grant.createdAt, at ?? 0);
  const now = await approvals.get(row.id);
  if (now?.status === "WITHDRAWN") return { reason: "the approval was withdrawn", at: since(now.withdrawn?.at) };
  const { blocked, blockedAt } = await access.look(grant.principal);
  return blocked || (blockedAt !== null && blockedAt >= grant.createdAt)
    ? { reason: "the principal was blocked", at: since(blockedAt) }
    : undefined;
}
