import { CountersignError } from "../domain/error.ts";
import type { Caller } from "../domain/identity/principal.ts";
import type { Json } from "../domain/json/json.ts";
import { OWN_CODE } from "../domain/mcp/constants.ts";
import type { ClientMessage } from "../domain/mcp/message.ts";
import { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import { agentIn, agentOf } from "./agent.ts";
import { type Call, statelessSession } from "./call.ts";
import type { House } from "./house.ts";
import type { Incoming } from "./incoming.ts";

/** Longest sealed session id: API Gateway takes 10 240 bytes of headers in all, a token among them. */
const LONGEST_ID = 4096;

/**
 * The session that a message belongs to. A legacy client carries it sealed to its principal and server; anyone else
 * who presents it has none.
 *
 * @param id the exchange's own id, which names the session that an `initialize` opens
 * @throws ProtocolRefusal 404, upon which a client initializes again (2025-11-25, transports, "Session Management")
 */
export async function sessionOf(
  incoming: Incoming,
  message: ClientMessage,
  caller: Caller,
  id: string,
  house: House,
): Promise<Pick<Call, "session" | "sessionKind" | "upstreamSession" | "agent">> {
  const sealed = incoming.headers["mcp-session-id"];
  const opens = message.era === "legacy" && message.method === "initialize";
  if (message.era === "modern" || sealed === undefined) {
    const none = { upstreamSession: undefined, agent: null };
    return opens
      ? { session: id, sessionKind: "opened", ...none }
      : { session: statelessSession(caller, incoming.server), sessionKind: "stateless", ...none };
  }

  const unknown = () =>
    new ProtocolRefusal(404, OWN_CODE.sessionUnknown, "this session is not known; initialize again", message.id);
  try {
    const opened = await (await house.seals()).unseal("session", sealed);
    const { session, upstream, cookies, principal, server, agent } = opened;
    if (principal !== caller.principal.id || server !== incoming.server || typeof session !== "string") throw unknown();
    return {
      session,
      sessionKind: "sealed",
      upstreamSession: {
        id: typeof upstream === "string" ? upstream : undefined,
        cookies: Array.isArray(cookies) ? cookies.map(String) : [],
      },
      agent: agentOf(agent as Json | undefined),
    };
  } catch (error) {
    if (error instanceof CountersignError && error.code === "seal_invalid") throw unknown();
    throw error;
  }
}

/**
 * The header by which a client names the session that its `initialize` opened.
 * @throws UpstreamFailure when what the server set is too long to be carried by the client
 */
export async function sessionHeader(
  call: Call,
  { sessionId, cookies }: { readonly sessionId: string | undefined; readonly cookies: readonly string[] },
  house: House,
): Promise<Record<string, string>> {
  if (call.message.era !== "legacy" || call.message.method !== "initialize") return {};
  const payload = {
    session: call.session,
    upstream: sessionId,
    ...(cookies.length === 0 ? {} : { cookies }),
    principal: call.caller.principal.id,
    server: call.server,
  };
  const seals = await house.seals();
  const named = await seals.seal("session", { ...payload, agent: agentIn(call.message) }, null);
  // A name is no reason to refuse a session that fits without it.
  const sealed = named.length > LONGEST_ID ? await seals.seal("session", payload, null) : named;
  if (sealed.length > LONGEST_ID) throw new UpstreamFailure("set a session id or cookies too long to carry", true);
  return { "mcp-session-id": sealed };
}
