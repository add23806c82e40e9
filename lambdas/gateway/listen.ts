import type { PrincipalRow } from "../aws/access-table.ts";
import { type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import { events, responseIn } from "./answer.ts";
import { type Call, streamName } from "./call.ts";
import { type AwaitedRequest, type Origin, openEvent } from "./events.ts";
import { failed } from "./failed.ts";
import type { House } from "./house.ts";
import { within, withKeepAlive } from "./keep-alive.ts";
import { recorded } from "./recording.ts";
import { release } from "./release.ts";
import type { Released } from "./released.ts";
import { empty, json, type Reply, stream, withRetryAfter } from "./reply.ts";
import { sendCall } from "./send.ts";
import { LOOK_EVERY, whileWelcome } from "./welcome.ts";

/** Times that a server which still has this session's older stream is asked again. */
const TRIES = 2;
/** The status by which it says so. */
const TAKEN = 409;

/**
 * Opens a stream for what the server says unasked, or takes up one again that broke off. It is entered in the
 * principal's row while it is open: a principal that opens more than it may loses its oldest one, because Lambda does
 * not see that a client left, and streams of clients that left must not shut out the living.
 */
export async function listen(call: Call, row: PrincipalRow, house: House): Promise<Reply> {
  const { streamsPerPrincipal: most, listenFor, keepAlive } = house.settings.config.limits;
  const { id: principal } = call.caller.principal;
  const until = call.startedAt + listenFor * 1000;
  const leave = () => house.access.leave(principal, "stream", streamName(call)).catch(() => undefined);
  const place = { kind: "stream", name: streamName(call), until, most, displaces: true } as const;
  // Side by side: a client expects its stream to be there before what it sends next.
  const coming = begin(call, house);
  coming.catch(() => undefined);
  await house.access.enter(principal, place, row, house.now());
  // Some servers send nothing, not even a status, until they have something to say.
  const begun = await within(coming, keepAlive * 1000).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  if (begun !== undefined && "reply" in begun) {
    await leave();
    return begun.reply;
  }
  const messages = whileWelcome(call, leaving(coming, leave), house);
  const silent = begun === undefined ? keepAlive * 1000 : 0;
  return stream(withKeepAlive(events(messages), keepAlive * 1000, call.ended, silent));
}

type Begun =
  | {
      readonly reply: Reply;
      /** What the client reads in its place where its stream has begun meanwhile; a GET waits for no response. */
      readonly response?: Released | undefined;
    }
  | { readonly messages: AsyncIterable<Released> };

async function begin(call: Call, house: House): Promise<Begun> {
  const lastEvent = call.message.kind === "listen" ? call.headers["last-event-id"] : undefined;
  const origin = lastEvent === undefined ? undefined : await openEvent(call, lastEvent, house);
  // Behind it waits no call: it would be a stream for what the server says unasked, by another door.
  if (origin?.request === null && !keepsStreams(call, house)) return { reply: empty(405, { allow: "POST" }) };
  const answered = origin === undefined || origin.request === null ? call : originOf(call, origin, origin.request);
  try {
    const answer = await open(call, origin, house);
    if (answer.kind !== "stream" || answer.status >= 400) return await only(call, release(call, answer, house), answer);
    const messages = release(answered, answer, house, origin?.block);
    return { messages: answered.resumed ? resumed(call, messages, house) : messages };
  } catch (error) {
    const failure = error instanceof UpstreamFailure ? error : undefined;
    // The time of the call that waits is over, as it would be on the stream.
    if (failure?.gaveUp && answered.resumed)
      return { messages: resumed(call, failed(answered, failure, house), house) };
    return only(call, failed(call, error, house), { status: 200, retryAfter: failure?.retryAfter });
  }
}

const keepsStreams = ({ server }: Call, { settings }: House) =>
  settings.config.servers.some(({ name, push }) => name === server && push);

/**
 * Asks the server for the stream. Many servers keep one for a session and answer 409 to a second: the first is then a
 * stream whose client left, which only we know. A GET may be repeated.
 */
async function open(call: Call, origin: Origin | undefined, house: House): Promise<UpstreamAnswer> {
  const resume = origin === undefined ? undefined : { event: origin.event, answers: origin.request !== null };
  for (let attempt = 0; ; attempt += 1) {
    const isLast = call.message.kind !== "listen" || attempt === TRIES;
    try {
      const answer = await sendCall(call, house, resume);
      if (isLast || answer.status !== TAKEN) return answer;
      // What it says of that is for nobody, but the connection is kept until it was read.
      for await (const _ of answer.messages) break;
    } catch (error) {
      if (isLast || !(error instanceof UpstreamFailure && error.status === TAKEN)) throw error;
    }
    await house.access.displace(call.caller.principal.id, `stream:${call.session}:`, `stream:${streamName(call)}`);
    await house.sleep(LOOK_EVERY + 500);
  }
}

/** The call that is answered at last: its outcome is recorded as its own. */
function originOf(call: Call, { call: id, received }: Origin, request: AwaitedRequest): Call {
  const message = { ...call.message, kind: "request", id: request.id, method: request.method } as const;
  const targets = { target: request.tool ?? "", shownTarget: request.shownTarget };
  return { ...call, id, message, ...targets, resumed: true, ...(received === undefined ? {} : { received }) };
}

/** The stream that was taken up again ends when what it answers has been answered. */
async function* resumed(call: Call, messages: AsyncIterable<Released>, house: House): AsyncGenerator<Released> {
  yield* messages;
  await recorded(call, { type: "call.completed", outcome: "ended" }, undefined, house);
}

async function* leaving(coming: Promise<Begun>, leave: () => Promise<void>): AsyncGenerator<Released> {
  try {
    const begun = await coming;
    if ("messages" in begun) yield* begun.messages;
    else if (begun.response !== undefined) yield begun.response;
  } finally {
    await leave();
  }
}

/** The server opened no stream: its one message, or nothing. */
async function only(
  call: Call,
  messages: AsyncIterable<Released>,
  { status, retryAfter }: Pick<UpstreamAnswer, "status" | "retryAfter">,
): Promise<Begun> {
  let last: Released | undefined;
  for await (const released of messages) last = released;
  if (last?.text === undefined) return { reply: withRetryAfter(empty(last?.status ?? status), retryAfter) };
  const isRequest = call.message.kind === "request";
  // A client takes 405 for "no such stream here" and goes on; any other failure of a GET is one too.
  const fallback = isRequest ? 200 : 502;
  const own = last.ending === "completed" || last.ending === "input-required" || last.ending === undefined;
  const reply = json(last.status ?? (own ? status : fallback), last.text);
  return {
    reply: withRetryAfter(reply, retryAfter),
    response: isRequest ? responseIn(call, last, status) : undefined,
  };
}
