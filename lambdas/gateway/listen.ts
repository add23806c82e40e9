import type { PrincipalRow } from "../aws/access-table.ts";
import { events } from "./answer.ts";
import type { Call } from "./call.ts";
import { openEvent } from "./events.ts";
import { failed } from "./failed.ts";
import type { House } from "./house.ts";
import { within, withKeepAlive } from "./keep-alive.ts";
import { recorded } from "./recording.ts";
import { release } from "./release.ts";
import type { Released } from "./released.ts";
import { empty, json, type Reply, stream } from "./reply.ts";
import { sendCall } from "./send.ts";
import { whileWelcome } from "./welcome.ts";

/**
 * Opens a stream for what the server says unasked, or takes up one again that broke off. It is entered in the
 * principal's row while it is open: a principal that opens more than it may loses its oldest one, because Lambda does
 * not see that a client left, and streams of clients that left must not shut out the living.
 */
export async function listen(call: Call, row: PrincipalRow, house: House): Promise<Reply> {
  const { streamsPerPrincipal: most, listenFor, keepAlive } = house.settings.config.limits;
  const { id: principal } = call.caller.principal;
  const until = call.startedAt + listenFor * 1000;
  const leave = () => house.access.leave(principal, "stream", call.id).catch(() => undefined);
  const place = { kind: "stream", call: call.id, until, most, displaces: true } as const;
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
  return stream(withKeepAlive(events(messages), keepAlive * 1000));
}

type Begun = { readonly reply: Reply } | { readonly messages: AsyncIterable<Released> };

async function begin(call: Call, house: House): Promise<Begun> {
  const lastEvent = call.message.kind === "listen" ? call.headers["last-event-id"] : undefined;
  const origin = lastEvent === undefined ? undefined : await openEvent(call, lastEvent, house);
  try {
    const answer = await sendCall(call, house, origin?.event);
    if (origin === undefined || origin.request === null || answer.kind !== "stream") {
      const messages = release(call, answer, house);
      return answer.kind === "stream" ? { messages } : { reply: await only(call, messages, answer.status) };
    }
    const answered = originOf(call, origin.call, origin.received, origin.request);
    return { messages: resumed(call, release(answered, answer, house), house) };
  } catch (error) {
    return { reply: await only(call, failed(call, error, house), 200) };
  }
}

/** The call that is answered at last: its outcome is recorded as its own. */
function originOf(
  call: Call,
  id: string,
  received: string | undefined,
  request: { readonly id: string | number; readonly method: string; readonly shownTarget: string },
): Call {
  const message = { ...call.message, kind: "request", id: request.id, method: request.method } as const;
  const { shownTarget } = request;
  return { ...call, id, message, shownTarget, ...(received === undefined ? {} : { received }) };
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
    else if (typeof begun.reply.body === "string" && begun.reply.body !== "") yield { text: begun.reply.body };
  } finally {
    await leave();
  }
}

/** The server opened no stream: its one message, or nothing. */
async function only({ message }: Call, messages: AsyncIterable<Released>, status: number): Promise<Reply> {
  let last: Released | undefined;
  for await (const released of messages) last = released;
  if (last?.text === undefined) return empty(last?.status ?? status);
  // A client takes 405 for "no such stream here" and goes on; any other failure of a GET is one too.
  const fallback = message.kind === "listen" ? 502 : 200;
  return json(last.status ?? (last.ending === "completed" || last.ending === undefined ? status : fallback), last.text);
}
