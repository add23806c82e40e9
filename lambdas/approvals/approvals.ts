import type { APIGatewayProxyEvent } from "aws-lambda";
import { jsonApi } from "../api/api.ts";
import { callerOf, personOf, requireFresh } from "../api/person.ts";
import { sourceOf } from "../api/source.ts";
import { CountersignError } from "../domain/error.ts";
import { engineAt } from "../domain/policy/engine.ts";
import type { Environment } from "../environment.ts";
import { type Desk, furnishDesk } from "./desk.ts";
import { approvalOf } from "./find-approval.ts";
import { refusedRecord } from "./refused-record.ts";
import { idOf, type Route } from "./route.ts";
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

/** Answers one request of a person. Whatever is refused is recorded before it is answered. */
export async function answerAtDesk(
  event: APIGatewayProxyEvent,
  routes: Readonly<Record<string, Route>>,
  desk: Desk,
): Promise<unknown> {
  try {
    return await answer(event, routes, desk);
  } catch (error) {
    if (error instanceof CountersignError && error.code !== "evidence_unavailable")
      await recordRefusal(event, error, desk);
    throw error;
  }
}

async function answer(
  event: APIGatewayProxyEvent,
  routes: Readonly<Record<string, Route>>,
  desk: Desk,
): Promise<unknown> {
  const route = routes[`${event.httpMethod} ${event.resource}`];
  if (route === undefined) throw new CountersignError("not_found", "there is nothing at this path");
  const { config } = desk.settings;
  const person = personOf(event, config, desk.now());
  if (event.httpMethod === "POST") requireFresh(person, config, desk.now());
  if ((await desk.access.look(person.id)).blocked)
    throw new CountersignError("forbidden", "you are blocked; ask an administrator");
  const engine = engineAt(desk.engine, { at: desk.now(), source: sourceOf(event) });
  return route({ event, person }, { ...desk, engine });
}

/** An attempt to do what one must not is evidence in itself. */
export async function recordRefusal(
  event: APIGatewayProxyEvent,
  { message }: CountersignError,
  desk: Desk,
): Promise<void> {
  const who = callerOf(event);
  if (who === undefined) return;
  const aboutOne = event.resource.startsWith("/approvals/{id}");
  const row = aboutOne ? await approvalOf(idOf(event), desk) : undefined;
  await desk.writer.append(refusedRecord(event, who, row, message, desk.now()));
}
