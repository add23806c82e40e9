import type { Caller } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { sha256Hex } from "../domain/json/canonical.ts";
import { errorText, REFUSAL } from "../domain/mcp/answers.ts";
import type { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import { statelessSession } from "./call.ts";
import type { House } from "./house.ts";
import type { Incoming } from "./incoming.ts";
import { json, type Reply } from "./reply.ts";

/** Longest reason that a record holds; it may quote what the client sent. */
const LONGEST_REASON = 1000;

/** What the protocol forbids is recorded too, without its body: it may hold anything. */
export async function refusedByProtocol(
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
    server: incoming.server.slice(0, 64).toWellFormed(),
    outcome: "refused",
    reason: error.message.slice(0, LONGEST_REASON).toWellFormed(),
    principal: recordPrincipal(caller.principal),
    source: incoming.source,
    digests: house.settings.digests,
    request: unreadBody(incoming.body),
  } as const;
  try {
    await house.writer.append(entry);
  } catch {
    // The writer has told operators.
    const refusal = REFUSAL.notRecorded(call);
    return json(503, errorText(error.id, refusal.code, refusal.text, refusal.meta));
  }
  return json(error.status, errorText(error.id, error.code, `${error.message} (call ${call})`));
}

/** What a record says of a body that is no message: that it came, never what it holds. */
const unreadBody = (body: Uint8Array) => ({
  text: null,
  key: null,
  originalHash: sha256Hex(body),
  originalBytes: body.byteLength,
  findings: [],
  findingCount: 0,
  sealedHash: null,
});
