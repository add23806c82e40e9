import type { PrincipalRow } from "../aws/access-table.ts";
import { REFUSAL, refusalText } from "../domain/mcp/answers.ts";
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

/**
 * Opens a stream for what the server says unasked, or takes up one again that broke off. It is entered in the
 * principal's row while it is open, so that no caller can keep more of them than it may.
 */
export async function listen(call: Call, row: PrincipalRow, house: House): Promise<Reply> {
  const { streamsPerPrincipal: most, listenFor, keepAlive } = house.settings.config.limits;
  const { id: principal } = call.caller.principal;
  const place = { id: call.id, until: call.startedAt + listenFor * 1000, most };
  if (!(await house.access.openStream(principal, place, row, house.now()))) return refuse(call, most, house);
  const leave = () => house.access.closeStream(principal, call.id).catch(() => undefined);
  const coming = begin(call, house).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  // Some servers send nothing, not even a status, until they have something to say.
  const begun = await within(coming, keepAlive * 1000);
  if (begun !== undefined && "reply" in begun) {
    await leave();
    return begun.reply;
  }
  return stream(withKeepAlive(events(leaving(coming, leave)), keepAlive * 1000));
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
    return {
      messages: resumed(
        call,
        release(originOf(call, origin.call, origin.received, origin.request), answer, house),
        house,
      ),
    };
  } catch (error) {
    return { reply: await only(call, failed(call, error, house), 200) };
  }
}

/** The call that is answered at last: its outcome is recorded as its own. */
function originOf(
  call: Call,
  id: string,
  received: string | undefined,
  {
    id: request,
    method,
    shownTarget,
  }: { readonly id: string | number; readonly method: string; readonly shownTarget: string },
): Call {
  const message = { ...call.message, kind: "request", id: request, method } as const;
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

async function refuse(call: Call, most: number, house: House): Promise<Reply> {
  const refusal = REFUSAL.tooManyStreams(call.id, most);
  const step = { type: "call.completed", outcome: "refused", reason: "too many open streams" } as const;
  await recorded(call, step, undefined, house);
  const text = refusalText(call.message, refusal.code, refusal.text, refusal.meta);
  return json(call.message.kind === "listen" ? 429 : 200, text);
}
