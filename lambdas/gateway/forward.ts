import { type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import { failed } from "./failed.ts";
import type { House } from "./house.ts";
import { release } from "./release.ts";
import type { Released } from "./released.ts";
import { sendCall } from "./send.ts";

/** A server's answer on its way out. */
export interface Forwarded extends Pick<UpstreamAnswer, "status" | "kind" | "sessionId" | "cookies" | "retryAfter"> {
  readonly messages: AsyncIterable<Released>;
}

/** Sends a call to its server, once. Whatever fails comes back as a message that says so, with its outcome recorded. */
export async function forward(call: Call, house: House): Promise<Forwarded> {
  try {
    const began = house.now();
    const answer = await sendCall(call, house);
    house.took(call.server, house.now() - began);
    return { ...answer, messages: release(call, answer, house) };
  } catch (error) {
    const retryAfter = error instanceof UpstreamFailure ? error.retryAfter : undefined;
    const messages = failed(call, error, house);
    return { status: 200, kind: "json", sessionId: undefined, cookies: [], retryAfter, messages };
  }
}
