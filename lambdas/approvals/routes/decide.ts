import { bodyOf } from "../../api/api.ts";
import { isBlockedSince } from "../../aws/access-table.ts";
import type { Approval, ApprovalDecision } from "../../domain/approval/approval.ts";
import { reasonRequired, statusAfter, whyNotApprove, whyNotDecide } from "../../domain/approval/decision.ts";
import type { Grant } from "../../domain/approval/grant.ts";
import { grantOf } from "../../domain/approval/grant-of.ts";
import { renderedDigest } from "../../domain/approval/rendered.ts";
import { whyNotScope } from "../../domain/approval/scope.ts";
import { CountersignError } from "../../domain/error.ts";
import { readDecision } from "../decision-body.ts";
import { type Desk, judgement } from "../desk.ts";
import { endAndRecord } from "../end-and-record.ts";
import { findApproval } from "../find-approval.ts";
import { idOf, type PersonRequest, type Route } from "../route.ts";
import { speaker } from "../speaker.ts";
import { judgedFields, view } from "../view.ts";

/** Deciders who meet on one row try again: with a quorum each of them counts. */
const TRIES = 20;
const MEETING = 40;

export const decide: Route = async (request, desk) => {
  const id = idOf(request.event);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const row = await findApproval(id, desk);
    const decision = await decisionOn(row, request, desk);
    const status = statusAfter(row, decision);
    const { limits, reveal } = desk.settings.config;
    const usableFor = row.kind === "reveal" ? (reveal?.usableFor ?? 0) : limits.collectFor;
    const until = decision.at + usableFor * 1000;
    const after = { ...row, decisions: [...row.decisions, decision], status, decidedAt: decision.at };
    const grant = grantOf(after, decision.at);
    if (await desk.approvals.decide(row, decision, status, until, grant)) {
      if (status !== "PENDING") await follow(after, grant, request, desk);
      return view(await findApproval(id, desk), request.person, desk);
    }
    await desk.sleep(Math.random() * MEETING);
  }
  throw new CountersignError("approval_conflict", "others kept deciding at the same moment; look again");
};

/** @throws CountersignError that says why this person may not decide so on this row */
async function decisionOn(row: Approval, { event, person }: PersonRequest, desk: Desk): Promise<ApprovalDecision> {
  const judged = judgement(desk);
  const whyNot = whyNotDecide(person, row, judged);
  if (whyNot !== null) throw new CountersignError(whyNot.code, whyNot.message);
  const body = readDecision(bodyOf(event), reasonRequired(row, judged.groups));
  if (body.rendered !== (await renderedDigest(judgedFields(row, desk))))
    throw new CountersignError("rendered_changed", "what you saw is not what is there now: look again");
  if (body.verdict === "approve") {
    const hidden = whyNotApprove(person, row);
    if (hidden !== null) throw new CountersignError(hidden.code, hidden.message);
    const tooFar = whyNotScope(body.scope, row);
    if (tooFar !== null) throw new CountersignError("bad_request", `the scope reaches too far: ${tooFar}`);
    if (row.kind !== "review" && isBlockedSince(await desk.access.look(row.requester.id), row.createdAt))
      throw new CountersignError(
        "forbidden",
        "the requester is blocked, or was since: nothing of this can be approved",
      );
  }
  return {
    ...body,
    reason: desk.masked(body.reason),
    person: person.person ?? person.id,
    by: person.name,
    at: judged.now,
    ...speaker(event, person),
  };
}

/**
 * What follows a decision that settled the row. The decision stands already: the recorder ends a grant that could not be looked
 * after here, and a machine that cannot be woken finds the row decided when it looks next.
 */
async function follow(row: Approval, grant: Grant | null, request: PersonRequest, desk: Desk): Promise<void> {
  const late = (what: string) => (error: Error) => desk.log.error(what, { id: row.id, error });
  if (grant !== null) await endIfBlocked(grant, request, desk).catch(late("a grant could not be looked after"));
  await findApproval(row.id, desk).then(desk.tokens.wake).catch(late("a flow could not be woken"));
}

/** A block that came meanwhile may have looked for grants before this one was there. */
async function endIfBlocked(grant: Grant, { event, person }: PersonRequest, desk: Desk): Promise<void> {
  if ((await desk.access.look(grant.principal)).blocked)
    await endAndRecord(grant, { event, person, reason: "the principal was blocked" }, desk);
}
