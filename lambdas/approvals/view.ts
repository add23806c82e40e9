import type { Approval, ApprovalStatus } from "../domain/approval/approval.ts";
import {
  maySee,
  mayWithdraw,
  quorumOf,
  reasonRequired,
  whyNotApprove,
  whyNotDecide,
} from "../domain/approval/decision.ts";
import { approvalId } from "../domain/approval/identity.ts";
import type { Judged } from "../domain/approval/rendered.ts";
import { offeredScopes } from "../domain/approval/scope.ts";
import { statusAt } from "../domain/approval/state.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { type Desk, judgement } from "./desk.ts";

/** Earlier attempts, and similar decisions, that a page shows. */
const MOST_PAST = 5;

/** RFC 3339. */
export const time = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** An approval as a line of a list: who, what, how it stands. */
export const summary = (row: Approval, now: number) => ({
  id: row.id,
  kind: row.kind,
  attempt: row.attempt,
  status: statusAt(row, now),
  createdAt: time(row.createdAt),
  deadline: time(row.deadline),
  group: row.escalatedTo ?? row.group,
  requesterName: row.requester.name,
  requesterId: row.requesterId,
  requesterKind: row.requester.kind,
  server: row.server,
  method: row.method,
  tool: row.target,
});

/** What a person judges: a decision carries its digest (`renderedDigest`). */
export const judgedFields = (row: Approval, { engine }: Desk) => {
  const { kind, name, id, client, initiator } = row.requester;
  return {
    id: row.id,
    kind: row.kind,
    // A token that names no client has an empty one.
    requester: { kind, name, id, client: client || null, initiator },
    // Cut to their length by the gateway, maybe within a character; what is no text has no digest.
    agent: { name: row.agent?.name.toWellFormed() ?? null, version: row.agent?.version.toWellFormed() ?? null },
    server: row.server,
    method: row.method,
    tool: { name: row.target, description: row.description },
    arguments: row.arguments,
    risks: row.risks,
    policies: row.policies.map((policy) => ({
      id: policy,
      reason: engine.policy(policy)?.annotations.reason ?? null,
    })),
    access:
      row.access === null
        ? null
        : {
            tools: row.access.tools,
            minutes: row.access.minutes,
            constraint: row.access.constraint,
            reason: row.access.reason,
          },
    breakGlass: row.breakGlass,
  } satisfies Required<Judged>;
};

/** An approval as its page shows it to a person: no token, no internals. */
export async function view(row: Approval, person: Principal, desk: Desk) {
  const judged = judgement(desk);
  const whyNot = whyNotDecide(person, row, judged);
  const [earlier, similar] = await Promise.all([earlierOf(row, desk), similarTo(row, person, desk)]);
  return {
    ...summary(row, judged.now),
    ...judgedFields(row, desk),
    quorum: quorumOf(row),
    approvals: row.decisions.filter((decision) => decision.verdict === "approve").length,
    decisions: row.decisions.map(({ by, verdict, reason, at }) => ({ by, verdict, reason, at: time(at) })),
    earlier: earlier.map((other) => past(other, judged.now)),
    similar: similar.map((other) => ({ ...past(other, judged.now), requesterName: other.requester.name })),
    mayDecide: whyNot === null,
    whyNot: whyNot?.message ?? null,
    mayWithdraw: mayWithdraw(person, row, desk.engine, judged.now),
    reasonRequired: reasonRequired(row, judged.groups),
    revealNeeded: whyNotApprove(person, row) !== null,
    /** Also for who has done so before: each time is recorded. */
    mayReveal: whyNot === null && row.revealNeeded && row.sealedArguments !== undefined,
    scopes: offeredScopes(row),
    withdrawn:
      row.withdrawn === undefined
        ? null
        : { by: row.withdrawn.by, reason: row.withdrawn.reason, at: time(row.withdrawn.at) },
  };
}

/** Earlier attempts of this very call, the newest first. */
async function earlierOf({ callDigest, attempt }: Approval, { approvals }: Desk): Promise<Approval[]> {
  const attempts = Array.from({ length: Math.min(attempt - 1, MOST_PAST) }, (_, at) => attempt - 1 - at);
  const rows = await Promise.all(attempts.map((number) => approvals.get(approvalId(callDigest, number))));
  return rows.filter((row) => row !== undefined);
}

/** What was decided last on the same tool, as far as the person may see it. */
async function similarTo(row: Approval, person: Principal, { approvals, engine }: Desk): Promise<Approval[]> {
  const alike = await approvals.decidedLike(row.server, row.target, 10 * MOST_PAST);
  return alike
    .filter((other) => other.callDigest !== row.callDigest && maySee(person, other, engine))
    .slice(0, MOST_PAST);
}

function past(row: Approval, now: number) {
  const status: ApprovalStatus = statusAt(row, now);
  const last = row.decisions.at(-1);
  return {
    id: row.id,
    kind: row.kind,
    status,
    at: time(row.withdrawn?.at ?? row.decidedAt ?? row.createdAt),
    by: row.withdrawn?.by ?? last?.by ?? null,
    reason: row.withdrawn?.reason ?? last?.reason ?? null,
  };
}
