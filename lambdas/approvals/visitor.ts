import type { APIGatewayProxyEvent } from "aws-lambda";
import type { Config } from "../../lib/config/schema.ts";
import { callerOf, personOf, requireFresh } from "../api/person.ts";
import { CountersignError } from "../domain/error.ts";
import { callerOfContext } from "../domain/identity/caller.ts";
import type { Principal } from "../domain/identity/principal.ts";
import type { Desk } from "./desk.ts";

/** What a process by which people leave may ask for; it cannot take a block back. */
const FOR_WORKLOADS = "POST /principals/{id}/block";

/**
 * Who comes to the approvers' and auditors' API, looked at here for every path: a person with a token of the console, who signed
 * in lately where the path changes or opens something; or a workload where one may come. Nobody who is blocked.
 *
 * @throws CountersignError `token_invalid`, `unauthorized_audience`, `stale_sign_in`, or `forbidden` for whoever is blocked
 */
export async function visitorOf(event: APIGatewayProxyEvent, desk: Desk): Promise<Principal> {
  const { config } = desk.settings;
  const visitor = mayBeWorkload(event)
    ? workloadOf(event, config, desk.now())
    : lately(personOf(event, config, desk.now()), event, desk);
  if ((await desk.access.look(visitor.id)).blocked)
    throw new CountersignError("forbidden", "you are blocked; ask an administrator");
  return visitor;
}

const mayBeWorkload = (event: APIGatewayProxyEvent): boolean =>
  `${event.httpMethod} ${event.resource}` === FOR_WORKLOADS && callerOf(event)?.kind === "workload";

function lately(person: Principal, { httpMethod }: APIGatewayProxyEvent, { settings, now }: Desk): Principal {
  if (httpMethod !== "GET") requireFresh(person, settings.config, now());
  return person;
}

/** A job has no console to sign in to: its issuer's audience is the one that it has everywhere, and policy says what it may. */
function workloadOf(event: APIGatewayProxyEvent, { identity }: Config, now: number): Principal {
  const issuers = identity.issuers.filter(({ kind }) => kind === "workload");
  const audiencesOf = (issuer: string | undefined) =>
    issuers.filter((entry) => entry.issuer === issuer).flatMap(({ audiences }) => audiences);
  return callerOfContext(event.requestContext.authorizer, audiencesOf(callerOf(event)?.issuer), now / 1000).principal;
}
