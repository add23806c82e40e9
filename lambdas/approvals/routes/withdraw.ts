import { bodyOf } from "../../api/api.ts";
import { isWithdrawable } from "../../domain/approval/decision.ts";
import { isActive } from "../../domain/approval/grant.ts";
import { statusAt } from "../../domain/approval/state.ts";
import { CountersignError } from "../../domain/error.ts";
import { endAndRecord } from "../end-and-record.ts";
import { findVisible } from "../find-approval.ts";
import { readReason } from "../reason-body.ts";
import { idOf, type Route } from "../route.ts";
import { speaker } from "../speaker.ts";
import { view } from "../view.ts";

/** Takes back a request, or an approval that no call has used. The recorder writes its record. */
export const withdraw: Route = async ({ event, person }, desk) => {
  const reason = desk.masked(readReason(bodyOf(event), false));
  const row = await findVisible(idOf(event), person, desk);
  const now = desk.now();
  if (!isWithdrawable(row, now)) throw new CountersignError("approval_decided", whyNot(statusAt(row, now), row.kind));
  if (!(await desk.approvals.withdraw(row.id, { by: person.name, reason, at: now, ...speaker(event, person) })))
    throw new CountersignError("approval_conflict", "a call began to use it, or it ended, meanwhile; look again");
  // An approval for more than its call has made a grant already.
  const grant = await desk.grants.get({ id: row.id, principal: row.requester.id });
  if (grant !== undefined && isActive(grant, now))
    await endAndRecord(grant, { event, person, reason: `approval withdrawn: ${reason}` }, desk);
  const after = await findVisible(row.id, person, desk);
  await desk.tokens
    .wake(after)
    .catch((error: Error) => desk.log.error("a flow could not be woken", { id: row.id, error }));
  return view(after, person, desk);
};

function whyNot(status: string, kind: string): string {
  if (kind === "review") return "a review cannot be withdrawn: the call ran, and has to be looked at";
  if (kind === "access" && status === "APPROVED") return "this access was given already: end the grant instead";
  return `this approval is ${status} already: only one that is pending, or not yet used, can be withdrawn`;
}
