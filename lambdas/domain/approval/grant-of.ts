import type { Approval } from "./approval.ts";
import type { Grant } from "./grant.ts";
import { narrower, type Reach, reachOf, scopeOf } from "./scope.ts";

/**
 * The grant that comes out of an approved row; null when the yes is for the call alone, or the row is not approved.
 * Whoever makes it from the same row makes the same one, and its id is the approval's: it can be made twice without harm.
 *
 * @param now milliseconds since the epoch; counts only for a row that does not say when it was decided
 */
export function grantOf(row: Approval, now: number): Grant | null {
  const reach = row.status === "APPROVED" ? reachOfRow(row) : null;
  if (reach === null) return null;
  const createdAt = row.decidedAt ?? now;
  const approving = row.decisions.filter(({ verdict }) => verdict === "approve");
  return {
    id: row.id,
    principal: row.requester.id,
    principalName: row.requester.name,
    client: row.kind === "access" ? null : row.requester.client,
    server: row.server,
    tools: row.access?.tools ?? [row.target],
    group: row.group,
    risks: [...new Set(row.risks.map(({ risk }) => risk))],
    argumentsDigest: reach.arguments === "same" ? (row.argumentsDigest ?? "") : null,
    constraint: reach.constraint,
    toolDigest: row.kind === "access" ? null : row.toolDigest,
    session: reach.session ? row.session : null,
    createdAt,
    endsAt: createdAt + reach.minutes * 60_000,
    usesLeft: reach.uses,
    uses: 0,
    lastUsedAt: null,
    approval: row.id,
    approvedBy: approving.map(({ by }) => by),
    reason:
      approving
        .map(({ reason }) => reason)
        .filter(Boolean)
        .join("; ") ||
      (row.access?.reason ?? ""),
    status: "ACTIVE",
    endedAt: null,
    endedBy: null,
    endReason: null,
  };
}

/** Access is given as it was asked for, or less where an approver said so. */
function reachOfRow({ kind, access, decisions }: Approval): Reach | null {
  if (kind === "review" || kind === "reveal") return null;
  if (access === null) return scopeOf(decisions);
  const asked: Reach = {
    minutes: access.minutes,
    session: false,
    arguments: "any",
    constraint: access.constraint,
    uses: null,
  };
  return decisions
    .flatMap(({ verdict, scope }) => (verdict === "approve" ? (reachOf(scope) ?? []) : []))
    .reduce(narrower, asked);
}
