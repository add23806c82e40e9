import type { APIGatewayProxyEvent } from "aws-lambda";
import { jsonApi } from "../api/api.ts";
import { sourceOf } from "../api/source.ts";
import { CountersignError } from "../domain/error.ts";
import { engineAt } from "../domain/policy/engine.ts";
import type { Environment } from "../environment.ts";
import { type Desk, furnishDesk } from "./desk.ts";
import { recordRefusal } from "./record-refusal.ts";
import type { Route } from "./route.ts";
import { block, unblock } from "./routes/block.ts";
import { decide } from "./routes/decide.ts";
import { endGrant } from "./routes/end-grant.ts";
import { grants } from "./routes/grants.ts";
import { liftHold, listHolds, putHold } from "./routes/holds.ts";
import { list } from "./routes/list.ts";
import { me } from "./routes/me.ts";
import { pin } from "./routes/pin.ts";
import { requestAccess } from "./routes/request-access.ts";
import { show } from "./routes/show.ts";
import { withdraw } from "./routes/withdraw.ts";
import { visitorOf } from "./visitor.ts";

/** Every path of the approvers' API. GET shows, POST acts: programs that follow links must decide nothing. */
const ROUTES: Readonly<Record<string, Route>> = {
  "GET /me": me,
  "GET /approvals": list,
  "GET /approvals/{id}": show,
  "POST /approvals/{id}/decision": decide,
  "POST /approvals/{id}/withdraw": withdraw,
  "GET /grants": grants,
  "POST /grants/{id}/end": endGrant,
  "POST /access-requests": requestAccess,
  "POST /principals/{id}/block": block,
  "POST /principals/{id}/unblock": unblock,
  "POST /servers/{id}/pins": pin,
  "GET /holds": listHolds,
  "POST /holds": putHold,
  "POST /holds/{id}/lift": liftHold,
};

/** The approvers' API. What opens seals is answered by the audit function, which alone may. */
export function createApprovals(environment: Environment) {
  const desk = furnishDesk(environment, "approvals");
  return jsonApi("approvals", (event) => answerAtDesk(event, ROUTES, desk));
}

/** Answers one request. Whatever is refused is recorded before it is answered. */
export async function answerAtDesk(
  event: APIGatewayProxyEvent,
  routes: Readonly<Record<string, Route>>,
  desk: Desk,
): Promise<unknown> {
  let welcome = false;
  try {
    const route = routes[`${event.httpMethod} ${event.resource}`];
    if (route === undefined) throw new CountersignError("not_found", "there is nothing at this path");
    const person = await visitorOf(event, desk);
    welcome = true;
    const engine = engineAt(desk.engine, { at: desk.now(), source: sourceOf(event) });
    return await route({ event, person }, { ...desk, engine });
  } catch (error) {
    if (error instanceof CountersignError && error.code !== "evidence_unavailable")
      await recordRefusal(event, error, desk, welcome);
    throw error;
  }
}
