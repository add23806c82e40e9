import { REFUSAL, responseText } from "../domain/mcp/answers.ts";
import { CANCELLED, META_SUBSCRIPTION_ID } from "../domain/mcp/constants.ts";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import { METRIC } from "../metric-names.ts";
import { type Call, isListening } from "./call.ts";
import type { Step } from "./entries.ts";
import type { House } from "./house.ts";
import { shownName } from "./masked.ts";
import { hidden, idsOf, recorded } from "./recording.ts";
import { type Released, refusalOf } from "./released.ts";
import { tellServer } from "./tell-server.ts";

/**
 * The outcome of a call whose server failed, recorded, and told to the client.
 * @param status the server's own HTTP status, where it refused by one
 * @param offending the message that could not be released; it is sealed beside the record
 */
export async function* failed(
  call: Call,
  cause: unknown,
  house: House,
  { status, offending }: { readonly status?: number | undefined; readonly offending?: string | undefined } = {},
): AsyncGenerator<Released> {
  // Whatever breaks on our side after the call has left is not the server's fault, and a stream must not end without a response.
  const error =
    cause instanceof UpstreamFailure
      ? cause
      : new UpstreamFailure("was called, but the gateway failed before it could hand over the answer", true, { cause });
  if (call.ended.signal.aborted) return;
  if (error !== cause) house.tell(METRIC.failed, "an answer could not be handed over", cause, idsOf(call));
  if (error.gaveUp && isListening(call)) return yield* ended(call, house);
  // It may quote the server, by a header that nobody can read.
  const reason = shownName(call, error.message, house);
  if (error.gaveUp && call.message.kind === "request") await cancel(call, reason, house);
  const { id, server } = call;
  house.log.warn("a server failed a call", { call: id, server, reason, sent: error.sent });
  const refusal = REFUSAL.upstreamFailed(call.id, call.server, reason, error.sent);
  const outcome = error.gaveUp ? "cancelled" : error.sent ? "unknown" : "not-sent";
  const step: Step = { type: "call.completed", outcome, reason };
  const body = offending === undefined ? undefined : hidden(offending);
  if (!(await recorded(call, step, body, house))) return yield unrecorded(call);
  const own = error.status ?? status;
  yield {
    ...refusalOf(call, refusal),
    ending: error.sent ? "unknown" : "not-sent",
    ...(own === undefined ? {} : { status: own }),
  };
}

/** A stream that listens has had its time; the client opens another (2026-07-28, subscriptions, "Graceful closure"). */
export async function* ended(call: Call, house: House): AsyncGenerator<Released> {
  if (!(await recorded(call, { type: "call.completed", outcome: "ended" }, undefined, house)))
    return yield unrecorded(call);
  const { message } = call;
  if (message.kind !== "request") return;
  const result = { resultType: "complete", _meta: { [META_SUBSCRIPTION_ID]: message.id } };
  yield { text: responseText(message.id, "result", JSON.stringify(result)), ending: "completed" };
}

/** A server of 2026-07-28 sees the closed connection; a legacy one has to be told (2025-11-25, cancellation). */
async function cancel({ message, ...call }: Call, reason: string, house: House): Promise<void> {
  if (message.era === "modern") return;
  const params = { requestId: message.id, reason: `the gateway gave up: the server ${reason}` };
  const notice = { jsonrpc: "2.0", method: CANCELLED, params };
  await tellServer({ ...call, message }, JSON.stringify(notice), house);
}

/** The call ran, and what came of it could not be recorded. */
export function unrecorded(call: Call): Released {
  return { ...refusalOf(call, REFUSAL.outcomeNotRecorded(call.id)), ending: "unknown" };
}
