import { keepBody, type MaskedBody } from "../domain/evidence/body.ts";
import type { Json } from "../domain/json/json.ts";
import { readStrict } from "../domain/json/strict.ts";
import { maskJson } from "../domain/masking/index.ts";
import { REFUSAL, refusalText } from "../domain/mcp/answers.ts";
import { DEEPEST, isObject, type JsonObject } from "../domain/mcp/message.ts";
import { isList, visibleList } from "../domain/mcp/visible-list.ts";
import { mayDiscover } from "../domain/policy/decide.ts";
import { type ServerMessage, type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import { forwardedHeaders } from "../domain/upstream/forwarded-headers.ts";
import { METRIC } from "../metric-names.ts";
import type { Call } from "./call.ts";
import { entryOf, type Step } from "./entries.ts";
import type { House } from "./house.ts";

/** How a forwarded call ended. */
export type Ending = "completed" | "not-sent" | "unknown" | "withheld";

/** A message that may leave: masked and recorded. The last one carries how the call ended. */
export interface Released extends ServerMessage {
  readonly ending?: Ending;
}

/** A server's answer on its way out. */
export interface Forwarded {
  readonly status: number;
  readonly kind: UpstreamAnswer["kind"];
  readonly sessionId: string | undefined;
  readonly messages: AsyncIterable<Released>;
}

/** Sends a call to its server, once. Whatever fails comes back as a message that says so, with its outcome recorded. */
export async function forward(call: Call, house: House): Promise<Forwarded> {
  const body = call.message.text;
  const headers = forwardedHeaders(call.headers, call.upstreamSession, call.message.era);
  try {
    const answer = await house.upstream.post({ server: call.server, body, headers });
    return { ...answer, messages: release(call, answer, house) };
  } catch (error) {
    return { status: 200, kind: "json", sessionId: undefined, messages: failed(call, error, house) };
  }
}

/** Each message masked and recorded before it leaves; the response last. */
async function* release(call: Call, answer: UpstreamAnswer, house: House): AsyncGenerator<Released> {
  const { message } = call;
  try {
    for await (const { text, frame } of answer.messages) {
      const parsed = parse(text);
      const isResponse = message.kind === "request" && parsed.id === message.id && parsed.method === undefined;
      if (!isResponse && !mayPrecede(parsed, answer))
        throw new UpstreamFailure("sent a message that does not answer this call (another JSON-RPC id)", true);
      const shown = isResponse ? visible(call, text, parsed, house) : text;
      const masked = await mask(call, text, shown, house);
      if (masked === undefined) return yield await withheld(call, text, house);
      const step: Step = isResponse
        ? { type: "call.completed", outcome: parsed.error === undefined ? outcomeOf(parsed.result) : "error" }
        : { type: "message.relayed", outcome: "relayed" };
      if (!(await recorded(call, step, masked, house))) return yield unrecorded(call);
      yield { text: masked.masked, frame, ...(isResponse ? { ending: "completed" } : {}) };
      if (isResponse) return;
    }
    if (message.kind === "request" && answer.status < 400)
      throw new UpstreamFailure(
        answer.kind === "stream"
          ? "ended the stream without a response"
          : `answered HTTP ${answer.status} without a response`,
        true,
      );
    if (
      !(await recorded(
        call,
        { type: "call.completed", outcome: answer.status < 400 ? "accepted" : "refused-by-server" },
        undefined,
        house,
      ))
    )
      yield unrecorded(call);
  } catch (error) {
    yield* failed(call, error, house);
  }
}

/** The outcome of a call whose server failed, recorded, and told to the client. */
async function* failed(call: Call, cause: unknown, house: House): AsyncGenerator<Released> {
  // Whatever breaks on our side after the call has left: a stream must not end without a response.
  const error =
    cause instanceof UpstreamFailure
      ? cause
      : new UpstreamFailure("sent what the gateway cannot handle", true, { cause });
  const refusal = REFUSAL.upstreamFailed(call.id, call.server, error.message, error.sent);
  const step: Step = { type: "call.completed", outcome: error.sent ? "unknown" : "not-sent", reason: error.message };
  if (!(await recorded(call, step, undefined, house))) return yield unrecorded(call);
  yield {
    text: refusalText(call.message, refusal.code, refusal.text, refusal.meta),
    ending: error.sent ? "unknown" : "not-sent",
  };
}

function parse(text: string): JsonObject {
  try {
    const parsed = JSON.parse(text) as Json;
    if (isObject(parsed) && isMessage(parsed)) return parsed;
  } catch (cause) {
    throw new UpstreamFailure("sent something that is not JSON", true, { cause });
  }
  throw new UpstreamFailure("sent something that is not a JSON-RPC message", true);
}

/** A request or notification has a method; a response has either a result or an error. */
const isMessage = ({ jsonrpc, method, result, error }: JsonObject) =>
  jsonrpc === "2.0" &&
  (method === undefined ? (result === undefined) !== (error === undefined) : typeof method === "string");

/**
 * What a server may send that is not the response: requests and notifications on a stream, and an error beside an HTTP
 * status that refuses. A response to another id is neither relayed nor ignored: a client that takes `"1"` for `1` would
 * read a list that nobody filtered.
 */
const mayPrecede = (parsed: JsonObject, { kind, status }: UpstreamAnswer) =>
  parsed.method === undefined ? status >= 400 && parsed.error !== undefined : kind === "stream";

const outcomeOf = (result: Json | undefined) => (isObject(result) && result.isError === true ? "tool-error" : "ok");

/** A list without what this caller may not discover. */
function visible(call: Call, text: string, parsed: JsonObject, house: House): string {
  if (!isList(call.message.method)) return text;
  try {
    // A list with two `tools` would show one to the filter and the other to the client.
    readStrict(text, { depth: DEEPEST });
  } catch (cause) {
    throw new UpstreamFailure("sent a list that two parsers could read in two ways", true, { cause });
  }
  return visibleList(call.message.method, text, parsed, call.server, (subject) =>
    mayDiscover(call.caller.principal, subject, house.engine),
  );
}

async function mask(call: Call, original: string, shown: string, house: House): Promise<MaskedBody | undefined> {
  try {
    const { text: masked, findings } = maskJson(shown, house.masking(call.server), await house.keyedHash());
    return { original, masked, findings };
  } catch {
    return undefined;
  }
}

/** The result exists and cannot be shown: the original is sealed, the caller is told that it ran. */
async function withheld(call: Call, original: string, house: House): Promise<Released> {
  const step: Step = { type: "call.completed", outcome: "withheld", reason: "masking failed" };
  if (!(await recorded(call, step, { original, masked: '"[WITHHELD]"', findings: [] }, house))) return unrecorded(call);
  const refusal = REFUSAL.withheld(call.id);
  return { text: refusalText(call.message, refusal.code, refusal.text, refusal.meta), ending: "withheld" };
}

function unrecorded(call: Call): Released {
  const refusal = REFUSAL.outcomeNotRecorded(call.id);
  return { text: refusalText(call.message, refusal.code, refusal.text, refusal.meta), ending: "unknown" };
}

/** Appends a step with its body. False when it is not surely written: then nothing may be released. */
async function recorded(call: Call, step: Step, body: MaskedBody | undefined, house: House): Promise<boolean> {
  try {
    if (body === undefined) {
      await house.writer.append(entryOf(call, step, house));
      return true;
    }
    const part = step.type === "call.completed" ? "response" : `relayed-${house.newId(house.now())}`;
    const kept = await keepBody(body, { call: call.id, part }, house.contentKey, house.bodies);
    await house.writer.append(
      entryOf(call, { ...step, response: kept.body }, house),
      kept.sealed === undefined ? {} : { response: kept.sealed },
    );
    return true;
  } catch {
    house.count(METRIC.notRecorded);
    return false;
  }
}
