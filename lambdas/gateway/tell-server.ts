import { forwardedHeaders } from "../domain/upstream/forwarded-headers.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { onBehalfOf } from "./send.ts";

/** Milliseconds that a word of the gateway's own may take. */
const PATIENCE = 3000;

/**
 * Says something to a call's server that no client said. Whether it is heard changes nothing for the client.
 *
 * @param within milliseconds that it may take, if that is less than the gateway's patience
 * @param signal breaks it off
 */
export async function tellServer(
  call: Call,
  body: string,
  house: House,
  { within = PATIENCE, signal }: { readonly within?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  // What is said here is a message of its own, whatever the exchange was: a stream's own headers would not fit.
  const { era } = call.message;
  const headers = forwardedHeaders(call.headers, call.upstreamSession, { era, kind: "response", method: "" });
  try {
    const answer = await house.upstream.send({
      server: call.server,
      method: "POST",
      body,
      headers,
      onBehalfOf: onBehalfOf(call),
      within: Math.min(within, PATIENCE),
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const _ of answer.messages);
  } catch {
    // The record says what it was told for; a server that does not listen changes nothing of it.
  }
}
