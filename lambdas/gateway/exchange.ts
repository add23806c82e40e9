import { keepBody } from "../domain/evidence/body.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { REFUSAL, refusalText } from "../domain/mcp/answers.ts";
import { METRIC } from "../metric-names.ts";
import type { Call } from "./call.ts";
import { entryOf } from "./entries.ts";
import { forward, type Released } from "./forward.ts";
import { held } from "./held.ts";
import type { House } from "./house.ts";
import type { Incoming } from "./incoming.ts";
import { receive } from "./receive.ts";
import { empty, json, type Reply, sseEvent, stream } from "./reply.ts";

/**
 * The path of a call: receive, decide, record, await, forward, mask, record.
 * @throws ProtocolRefusal for a message that the protocol forbids, CountersignError for what fails on our side
 */
export async function exchange(incoming: Incoming, caller: Caller, id: string, house: House): Promise<Reply> {
  const call = await receive(incoming, caller, id, house);
  const { message, decision } = call;
  if (decision.kind === "deny") return deny(call, decision.reason, house);
  if (decision.kind === "approve" && message.kind !== "request")
    return deny(call, "it needs approval, and only a request can wait for it", house);

  const intent = await recordIntent(call, house);
  if (intent === "not-recorded") return refuse(call, REFUSAL.notRecorded(id));
  if (intent === "blocked") return deny(call, "your access is blocked", house);
  const recorded: Call = { ...call, received: intent };

  house.count(decision.kind === "approve" ? METRIC.held : METRIC.allowed);
  if (decision.kind === "approve") return held(recorded, decision.group, house);
  return answer(recorded, house, message.kind === "request");
}

/** `call.received` is durable before anything waits or is forwarded; the principal's row is read in the same round trip. */
async function recordIntent(call: Call, house: House): Promise<string | "not-recorded" | "blocked"> {
  try {
    const kept = await keepBody(call.request, { call: call.id, part: "request" }, house.contentKey, house.bodies);
    const entry = entryOf(call, { type: "call.received", outcome: "received", request: kept.body }, house);
    const [line, row] = await Promise.all([
      house.writer.append(entry, kept.sealed === undefined ? {} : { request: kept.sealed }),
      house.access.touch(call.caller.principal.id, house.now()),
    ]);
    return row.blocked ? "blocked" : line.hash;
  } catch {
    house.count(METRIC.notRecorded);
    return "not-recorded";
  }
}

async function deny(call: Call, reason: string, house: House): Promise<Reply> {
  try {
    const kept = await keepBody(call.request, { call: call.id, part: "request" }, house.contentKey, house.bodies);
    const entry = entryOf(call, { type: "call.denied", outcome: "denied", reason, request: kept.body }, house);
    await house.writer.append(entry, kept.sealed === undefined ? {} : { request: kept.sealed });
  } catch {
    house.count(METRIC.notRecorded);
    return refuse(call, REFUSAL.notRecorded(call.id));
  }
  house.count(METRIC.denied);
  return refuse(call, REFUSAL.denied(call.id, reason, call.decision.policies));
}

/** A refusal is not an HTTP error; a refused notification is dropped. */
function refuse(
  call: Call,
  { code, text, meta }: { code: number; text: string; meta: Record<string, unknown> },
): Reply {
  return call.message.kind === "request" ? json(200, refusalText(call.message, code, text, meta)) : empty(202);
}

/** The server's answer in the server's own framing. */
async function answer(call: Call, house: House, isRequest: boolean): Promise<Reply> {
  const forwarded = await forward(call, house);
  const session = () => sessionHeader(call, forwarded.sessionId, house);
  if (isRequest && forwarded.kind === "stream") return stream(events(forwarded.messages), await session());
  let last: Released | undefined;
  for await (const message of forwarded.messages) last = message;
  if (!isRequest || last === undefined) return empty(isRequest ? forwarded.status : 202);
  if (last.ending === "completed") return json(forwarded.status, last.text, await session());
  // Without an ending it is the server's own refusal. Any other ending is told by us: beside the server's status, a 202
  // would make clients wait for ever and a 404 would make them open a new session.
  return json(last.ending === undefined ? forwarded.status : 200, last.text);
}

async function* events(messages: AsyncIterable<Released>): AsyncGenerator<string> {
  for await (const { text, frame } of messages) yield sseEvent(text, frame);
}

/** Where `initialize` opened a session, its id is sealed to this principal and this server. */
async function sessionHeader(call: Call, upstream: string | undefined, house: House): Promise<Record<string, string>> {
  if (call.message.era !== "legacy" || call.message.method !== "initialize") return {};
  const payload = { session: call.session, upstream, principal: call.caller.principal.id, server: call.server };
  return { "mcp-session-id": await (await house.seals()).seal("session", payload, null) };
}
