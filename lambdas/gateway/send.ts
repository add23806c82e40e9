import type { UpstreamAnswer } from "../domain/upstream/answer.ts";
import { forwardedHeaders } from "../domain/upstream/forwarded-headers.ts";
import { type Call, isListening } from "./call.ts";
import type { House } from "./house.ts";

/**
 * One request to the call's server, within the time that is left of the call.
 * @param resumeFrom the server's own id of the last event that a client saw
 */
export function sendCall(call: Call, house: House, resumeFrom?: string): Promise<UpstreamAnswer> {
  const { message } = call;
  const { callTimeout, listenFor } = house.settings.config.limits;
  const listening = isListening(call);
  const deadline = call.startedAt + (listening ? listenFor : callTimeout) * 1000;
  const headers = forwardedHeaders(call.headers, call.upstreamSession, message);
  return house.upstream.send({
    server: call.server,
    method: message.kind === "listen" ? "GET" : message.kind === "end" ? "DELETE" : "POST",
    ...(message.text === "" ? {} : { body: message.text }),
    headers: resumeFrom === undefined ? headers : { ...headers, "last-event-id": resumeFrom },
    within: Math.max(1, deadline - house.now()),
    mayIdle: listening,
  });
}
