import type { APIGatewayProxyEvent } from "aws-lambda";
import { CountersignError, type ErrorCode } from "../domain/error.ts";
import { callerOfContext } from "../domain/identity/caller.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { errorText } from "../domain/mcp/answers.ts";
import { INVALID_PARAMS, MODERN_REVISION } from "../domain/mcp/constants.ts";
import { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import type { Environment } from "../environment.ts";
import { METRIC } from "../metric-names.ts";
import { exchange } from "./exchange.ts";
import { furnish } from "./furnish.ts";
import type { House } from "./house.ts";
import { type Incoming, incomingOf } from "./incoming.ts";
import { refusedByProtocol } from "./refused.ts";
import { empty, json, type Reply } from "./reply.ts";
import { writeReply } from "./write-reply.ts";

/** The MCP data path. */
export function createGateway(environment: Environment) {
  const house = furnish(environment);
  return awslambda.streamifyResponse<APIGatewayProxyEvent>(async (event, out) =>
    writeReply(await reply(incomingOf(event), house), out),
  );
}

/** Failures of ours that make a message one which cannot be served; it is refused like a malformed one. */
const REFUSED: readonly ErrorCode[] = ["bad_request", "masking_failed"];

async function reply(incoming: Incoming, house: House): Promise<Reply> {
  const id = house.newId(house.now());
  let caller: Caller | undefined;
  try {
    if (!offers(incoming, house)) return empty(405, { allow: "POST" });
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
    house.tell(METRIC.failed, "an exchange failed", error, { call: id, requestId: incoming.source.requestId });
    const text = error instanceof CountersignError ? error.message : "the gateway failed";
    return json(500, errorText(null, -32603, `${text} (call ${id})`));
  }
}

/**
 * Whether a method of HTTP means anything here. The legacy era also has GET, for streams that the server keeps open and
 * to take up a broken one, and DELETE, to end a session; 2026-07-28 has POST alone.
 */
function offers({ method, headers, server }: Incoming, { settings }: House): boolean {
  if (method === "POST") return true;
  if (headers["mcp-protocol-version"] === MODERN_REVISION) return false;
  if (method === "DELETE") return headers["mcp-session-id"] !== undefined;
  const push = settings.config.servers.some((entry) => entry.name === server && entry.push);
  return method === "GET" && (push || headers["last-event-id"] !== undefined);
}
