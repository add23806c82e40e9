import { REFUSAL } from "../domain/mcp/answers.ts";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import { failed } from "./failed.ts";
import { type Forwarded, forward } from "./forward.ts";
import type { House } from "./house.ts";
import { within, withKeepAlive } from "./keep-alive.ts";
import { recorded } from "./recording.ts";
import { type Released, refusalOf } from "./released.ts";
import { empty, json, type Reply, sseEvent, stream, withRetryAfter } from "./reply.ts";
import { sessionHeader } from "./sessions.ts";

/** An answer that has begun: whole, or as a stream of which the first bytes are there. */
type Begun =
  | {
      readonly kind: "whole";
      readonly status: number;
      readonly last: Released | undefined;
      /** What the server said before its answer, in order. */
      readonly before?: readonly Released[];
      readonly headers: Headers;
      readonly retryAfter?: string | undefined;
    }
  | { readonly kind: "stream"; readonly messages: AsyncIterable<Released> };

type Headers = Record<string, string>;

/** The server's answer in the server's own framing. */
export async function answer(call: Call, house: House): Promise<Reply> {
  const every = house.settings.config.limits.keepAlive * 1000;
  const coming = begin(call, house);
  const begun = mayStreamEarly(call) ? await within(coming, every) : await coming;
  // A client that hears nothing for minutes gives up, and so does API Gateway: what comes late comes as a stream.
  if (begun === undefined) return stream(withKeepAlive(late(call, coming), every, call.ended, every));
  if (begun.kind === "stream") return stream(withKeepAlive(events(begun.messages), every, call.ended));
  return withRetryAfter(whole(call, begun), begun.retryAfter);
}

async function begin(call: Call, house: House): Promise<Begun> {
  const forwarded = await forward(call, house);
  const { kind, status, messages } = forwarded;
  const isRequest = call.message.kind === "request";
  // What is no request has no answer; whatever a server says there would reach nobody.
  if (!isRequest && kind === "stream") {
    call.ended.abort();
    await recorded(call, { type: "call.completed", outcome: "accepted" }, undefined, house);
    return { kind: "whole", status: 202, last: undefined, headers: {} };
  }
  // `initialize` is read whole: its session id is a header, and an error opens none.
  if (isRequest && kind === "stream" && status < 400 && call.message.method !== "initialize")
    return { kind: "stream", messages };
  return collected(call, forwarded, house);
}

async function collected(call: Call, forwarded: Forwarded, house: House): Promise<Begun> {
  const { status, retryAfter } = forwarded;
  // A refusal by status holds one message, which is no answer to any id.
  const isTalk = status < 400;
  const before: Released[] = [];
  let last: Released | undefined;
  try {
    const headers = await sessionHeader(call, forwarded, house);
    let room = house.settings.config.limits.responseBytes;
    for await (const message of forwarded.messages)
      if (isTalk && message.relayed) {
        room -= message.text?.length ?? 0;
        if (room < 0) throw new UpstreamFailure("said too much before it answered", true);
        before.push(message);
      } else if (message.text !== undefined) last = message;
    return { kind: "whole", status, last, before, headers, retryAfter };
  } catch (error) {
    for await (const message of failed(call, error, house)) last = message;
    call.ended.abort();
    return { kind: "whole", status: 200, last, before, headers: {} };
  }
}

/** `initialize` waits for its session id, which is a header; a client must say that it reads streams. */
const mayStreamEarly = ({ message, headers }: Call) =>
  message.kind === "request" &&
  message.method !== "initialize" &&
  (headers.accept?.includes("text/event-stream") ?? false);

function whole({ message }: Call, begun: Extract<Begun, { kind: "whole" }>): Reply {
  const { status, last, before = [], headers } = begun;
  if (message.kind !== "request") return unanswered(message.kind === "end", status, last);
  const opened = last?.ending === "completed" && !last.isError ? headers : {};
  // What is on record as relayed must leave; then the answer is a stream, as the server's was.
  if (before.length > 0) return { ...stream(events(last === undefined ? before : [...before, last]), opened), status };
  if (last?.text === undefined) return empty(last?.status ?? 202);
  if (last.ending === "completed" || last.ending === "input-required") return json(status, last.text, opened);
  // Without an ending it is the server's own refusal. Any other ending is told by us: beside the server's status, a 202
  // would make clients wait for ever. A 4xx of the server stays, for clients fall back or open a new session by it.
  return json(last.status ?? (last.ending === undefined ? status : 200), last.text);
}

/** What has no response is accepted, or refused with the server's own status; only who ends a session learns of more. */
function unanswered(ends: boolean, status: number, last: Released | undefined): Reply {
  const refusal = last?.status ?? (status >= 400 ? status : undefined);
  if (refusal !== undefined) return last?.text === undefined ? empty(refusal) : json(refusal, last.text);
  if (ends && last?.text !== undefined) return json(502, last.text);
  return empty(ends ? status : 202);
}

async function* late(call: Call, coming: Promise<Begun>): AsyncGenerator<string> {
  const begun = await coming;
  if (begun.kind === "stream") return yield* events(begun.messages);
  const { before = [], last, status } = begun;
  yield* events(last === undefined ? before : [...before, responseIn(call, last, status)]);
}

/**
 * A server refuses under no id, by its status alone; a stream has begun with 200, and a client there waits for its own id.
 */
export function responseIn(call: Call, last: Released, status: number): Released {
  if (last.ending !== undefined) return last;
  const refusal = REFUSAL.upstreamFailed(call.id, call.server, `refused with HTTP ${status}`, true);
  return { ...refusalOf(call, refusal), ending: "unknown" };
}

/** Messages as server-sent events. */
export async function* events(messages: AsyncIterable<Released> | Iterable<Released>): AsyncGenerator<string> {
  for await (const { text, frame } of messages) yield sseEvent(text, frame);
}
