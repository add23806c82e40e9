import type { OnBehalfOf, UpstreamAnswer } from "../domain/upstream/answer.ts";
import { forwardedHeaders } from "../domain/upstream/forwarded-headers.ts";
import { type Call, isListening } from "./call.ts";
import type { House } from "./house.ts";

/** A stream that is taken up again. */
export interface Resumption {
  /** The server's own id of the last event that the client saw. */
  readonly event: string;
  /** Whether a call waits on it: then it has a call's time, and not that of a stream which listens. */
  readonly answers: boolean;
}

/** Whom a call is made for, and the token that was verified; servers get it from nobody. */
export const onBehalfOf = ({ caller, headers }: Call): OnBehalfOf => ({
  caller,
  token: (headers.authorization ?? "").replace(/^Bearer +/i, ""),
});

/** One request to the call's server, within the time that is left of the call. */
export function sendCall(call: Call, house: House, resume?: Resumption): Promise<UpstreamAnswer> {
  const { message } = call;
  const listening = isListening(call) && resume?.answers !== true;
  const headers = forwardedHeaders(call.headers, call.upstreamSession, message);
  return house.upstream.send({
    server: call.server,
    method: message.kind === "listen" ? "GET" : message.kind === "end" ? "DELETE" : "POST",
    ...(message.text === "" ? {} : { body: message.text }),
    onBehalfOf: onBehalfOf(call),
    headers: resume === undefined ? headers : { ...headers, "last-event-id": resume.event },
    signal: call.ended.signal,
    within: Math.max(1, timeLeft(call, house, listening)),
    mayIdle: listening,
  });
}

/** Milliseconds that are left of a call; less than none when its time is over. */
export function timeLeft(call: Call, { settings, now }: House, listening = isListening(call)): number {
  const { callTimeout, listenFor } = settings.config.limits;
  return call.startedAt + (listening ? listenFor : callTimeout) * 1000 - now();
}
