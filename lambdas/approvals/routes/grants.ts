import { CountersignError } from "../../domain/error.ts";
import { grantView, mayManage } from "../grant-view.ts";
import { queryOf, type Route } from "../route.ts";
import { me } from "./me.ts";

/** One's own grants, or, for approvers and administrators, all that concern them. */
export const grants: Route = async (request, desk) => {
  const { person, event } = request;
  const all = queryOf(event, "all") === "true";
  if (all) {
    const { isApprover, mayBlock } = (await me(request, desk)) as { isApprover: boolean; mayBlock: boolean };
    if (!isApprover && !mayBlock) throw new CountersignError("forbidden", "only approvers see the grants of others");
  }
  const found = all ? await desk.grants.all() : await desk.grants.of(person.id);
  const now = desk.now();
  return {
    grants: found
      .filter((grant) => mayManage(person, grant, desk.engine))
      .map((grant) => grantView(grant, person, desk.engine, now)),
  };
};
