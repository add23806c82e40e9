import { Readable } from "node:stream";
import middy from "@middy/core";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { CountersignError, type ErrorCode } from "../domain/error.ts";
import { callerOfContext } from "../domain/identity/caller.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { errorText, REFUSAL } from "../domain/mcp/answers.ts";
import { INVALID_PARAMS } from "../domain/mcp/constants.ts";
import { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import type { Environment } from "../environment.ts";
import { operatorLog } from "../operator-log.ts";
import { statelessSession } from "./call.ts";
import { exchange } from "./exchange.ts";
import { furnish } from "./furnish.ts";
import type { House } from "./house.ts";
import { type Incoming, incomingOf } from "./incoming.ts";
import { unreadBody } from "./receive.ts";
import { empty, json, type Reply } from "./reply.ts";

/** The MCP data path. */
export function createGateway(environment: Environment) {
  const house = furnish(environment);
  const log = operatorLog("gateway");
  return middy<APIGatewayProxyEvent, unknown>({ streamifyResponse: true }).handler(async (event) => {
    const { status, headers, body } = await reply(incomingOf(event), house, log);
    return { statusCode: status, headers, body: typeof body === "string" ? body : Readable.from(body) };
  });
}

/** Failures of ours that make a message one which cannot be served; it is refused like a malformed one. */
const REFUSED: readonly ErrorCode[] = ["bad_request", "masking_failed"];

async function reply(incoming: Incoming, house: House, log: ReturnType<typeof operatorLog>): Promise<Reply> {
  const id = house.newId(house.now());
  let caller: Caller | undefined;
  try {
    if (incoming.method !== "POST") return empty(405, { allow: "POST" });
    const { issuers } = house.settings.config.identity;
    caller = callerOfContext(
      incoming.authorizer,
      issuers.flatMap((issuer) => issuer.audiences),
      house.now() / 1000,
    );
    return await exchange(incoming, caller, id, house);
  } catch (error) {
    if (error instanceof ProtocolRefusal && caller) return refusedByProtocol(error, incoming, caller, id, house);
    if (error instanceof CountersignError && ["token_invalid", "unauthorized_audience"].includes(error.code))
      return json(401, JSON.stringify({ message: error.message }), {
        "www-authenticate": 'Bearer error="invalid_token"',
      });
    if (error instanceof CountersignError && REFUSED.includes(error.code) && caller)
      return refusedByProtocol(new ProtocolRefusal(400, INVALID_PARAMS, error.message), incoming, caller, id, house);
    log.error("an exchange failed", { call: id, error: error instanceof Error ? error : new Error(String(error)) });
    const text = error instanceof CountersignError ? error.message : "the gateway failed";
    return json(500, errorText(null, -32603, `${text} (call ${id})`));
  }
}

/** What the protocol forbids is recorded too, without its body: it may hold anything. */
async function refusedByProtocol(
  error: ProtocolRefusal,
  incoming: Incoming,
  caller: Caller,
  call: string,
  house: House,
): Promise<Reply> {
  const entry = {
    type: "call.denied",
    occurredAt: new Date(house.now()).toISOString(),
    session: statelessSession(caller, incoming.server),
    call,
    server: incoming.server.slice(0, 64),
    outcome: "refused",
    reason: error.message,
    principal: recordPrincipal(caller.principal),
    source: incoming.source,
    digests: house.settings.digests,
    request: unreadBody(incoming.body),
  } as const;
  try {
    await house.writer.append(entry);
  } catch {
    const refusal = REFUSAL.notRecorded(call);
    return json(503, errorText(error.id, refusal.code, refusal.text, refusal.meta));
  }
  return json(error.status, errorText(error.id, error.code, `${error.message} (call ${call})`));
}
