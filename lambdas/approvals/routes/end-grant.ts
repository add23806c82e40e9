import { bodyOf } from "../../api/api.ts";
import { isActive } from "../../domain/approval/grant.ts";
import { CountersignError } from "../../domain/error.ts";
import type { Desk } from "../desk.ts";
import { endAndRecord } from "../end-and-record.ts";
import { approvalOf } from "../find-approval.ts";
import { grantView, mayManage } from "../grant-view.ts";
import { readReason } from "../reason-body.ts";
import { idOf, type Route } from "../route.ts";

/** Ends a grant; it covers no call that comes after. */
export const endGrant: Route = async ({ event, person }, desk) => {
  const reason = desk.masked(readReason(bodyOf(event), false));
  const grant = await find(idOf(event), desk);
  if (grant === undefined || !mayManage(person, grant, desk.engine))
    throw new CountersignError("not_found", "there is no such grant");
  const now = desk.now();
  if (!isActive(grant, now)) throw new CountersignError("grant_ended", "this grant has ended already");
  await endAndRecord(grant, { event, person, reason }, desk);
  return grantView((await find(grant.id, desk)) ?? grant, person, desk.engine, desk.now());
};

/** A grant has the id of its approval, which says whose it is. */
async function find(id: string, desk: Desk) {
  const row = await approvalOf(id, desk);
  return row && desk.grants.get({ id, principal: row.requester.id });
}
