import { CountersignError } from "../domain/error.ts";
import type { MaskedBody } from "../domain/evidence/body.ts";
import { readStrict } from "../domain/json/strict.ts";
import { maskJson } from "../domain/masking/index.ts";
import { errorText, REFUSAL, refusalText } from "../domain/mcp/answers.ts";
import { OWN_CODE } from "../domain/mcp/constants.ts";
import { setMember } from "../domain/mcp/edit.ts";
import { DEEPEST, isObject } from "../domain/mcp/message.ts";
import type { JsonRpcId } from "../domain/mcp/refusal.ts";
import { readServerMessage, type ServerJson, type ServerRequest } from "../domain/mcp/server-message.ts";
import { isList, visibleList, withPrivateCache } from "../domain/mcp/visible-list.ts";
import { mayDiscover } from "../domain/policy/decide.ts";
import { type ServerMessage, type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import type { Step } from "./entries.ts";
import { sealFrame } from "./events.ts";
import { failed, unrecorded } from "./failed.ts";
import type { House } from "./house.ts";
import { inspector, knowsResultType } from "./inspect.ts";
import { nextPage } from "./pages.ts";
import { hidden, recorded, together } from "./recording.ts";
import type { Released } from "./released.ts";
import { sealState } from "./states.ts";
import { tellServer } from "./tell-server.ts";

/** Pages of a list that are pulled for one request, when policy hides all that is on them. */
const MOST_PAGES = 50;

/** A message on its way, parsed once. */
interface Said extends ServerMessage {
  readonly text: string;
  readonly json: ServerJson;
}

/** A message that may be relayed, masked; without a body it is a frame alone. */
interface Cleared {
  readonly frame: ServerMessage["frame"];
  readonly body?: MaskedBody;
}

/** Why nothing more of an answer can be released, and the message that it is about. */
interface Stopped {
  readonly cause: unknown;
  readonly text: string;
}

/** What came together, sorted. Whatever stops the answer stops it behind what came before. */
interface Sorted {
  readonly cleared: readonly Cleared[];
  readonly response?: Said;
  readonly stopped?: Stopped;
}

/**
 * Each message of an answer inspected, masked and recorded before it leaves; the response last. Messages that arrived
 * together are recorded together.
 */
export async function* release(call: Call, first: UpstreamAnswer, house: House): AsyncGenerator<Released> {
  const inspect = inspector(call, house);
  let answer = first;
  let awaited = call.message.kind === "request" ? call.message.id : null;
  let resumable = false;
  let said = false;
  let offending: string | undefined;
  try {
    for (let page = 1; ; page += 1) {
      let more: string | undefined;
      for await (const batch of answer.messages) {
        const { cleared, response, stopped } = await sort(call, batch, { awaited, answer, inspect }, house);
        const bodies = together(cleared.flatMap(({ body }) => (body === undefined ? [] : [body])));
        const step: Step = { type: "message.relayed", outcome: "relayed" };
        if (bodies !== undefined && !(await recorded(call, step, bodies, house))) return yield unrecorded(call);
        for (const { frame = {}, body } of cleared) {
          // The events of a page that we asked for ourselves lead nowhere for the client.
          resumable ||= page === 1 && frame.id !== undefined;
          said ||= body !== undefined;
          yield {
            ...(body === undefined ? {} : { text: body.masked }),
            frame: page === 1 ? await sealFrame(call, frame, house) : {},
          };
        }
        if (stopped !== undefined) {
          offending = stopped.text;
          throw stopped.cause;
        }
        if (response === undefined) continue;
        offending = response.text;
        const { text, next } = visible(call, response, house);
        if (next === undefined || page === MOST_PAGES || call.resumed) {
          yield await released(call, response, text, inspect, house);
          return;
        }
        const skipped = await mask(call, response.text, text, house);
        if (skipped === undefined) return yield await withheld(call, response.text, house);
        if (!(await recorded(call, { type: "message.relayed", outcome: "page-skipped" }, skipped, house)))
          return yield unrecorded(call);
        offending = undefined;
        more = next;
        break;
      }
      if (more === undefined) break;
      const following = await nextPage(call, more, house);
      answer = following.answer;
      awaited = following.id;
    }
    yield* silent(call, answer, { resumable, said }, house);
  } catch (error) {
    if (offending !== undefined && error instanceof CountersignError && error.code === "masking_failed")
      return yield await withheld(call, offending, house);
    if (mayComeBack(call, error, resumable && offending === undefined)) return yield* detached(call, house);
    yield* failed(call, error, house, { status: answer.status >= 400 ? answer.status : undefined, offending });
  }
}

/** Looks at messages that came together, up to the response. */
async function sort(
  call: Call,
  batch: readonly ServerMessage[],
  {
    awaited,
    answer,
    inspect,
  }: {
    readonly awaited: JsonRpcId | null;
    readonly answer: UpstreamAnswer;
    readonly inspect: ReturnType<typeof inspector>;
  },
  house: House,
): Promise<Sorted> {
  const cleared: Cleared[] = [];
  for (const { text, frame } of batch) {
    if (text === undefined) {
      cleared.push({ frame });
      continue;
    }
    try {
      const whole = read(text, frame);
      if (answers(whole.json, awaited)) return { cleared, response: whole };
      if (!mayPrecede(whole.json, answer) || whole.json.id === awaited)
        throw new UpstreamFailure("sent a message that does not answer this call (another JSON-RPC id)", true);
      const why = objection(whole.json, inspect);
      if (why === undefined) cleared.push({ frame, body: await maskOrThrow(call, text, house) });
      else if (!(await refuse(call, whole, why, house)))
        throw new CountersignError("evidence_unavailable", "a refusal could not be recorded");
    } catch (cause) {
      return { cleared, stopped: { cause, text } };
    }
  }
  return { cleared };
}

/** Whether the client can come back for what broke off (2025-11-25, transports, "Resumability"): then the call goes on. */
const mayComeBack = ({ message, ended }: Call, cause: unknown, resumable: boolean) =>
  resumable &&
  message.kind === "request" &&
  message.era === "legacy" &&
  !ended.signal.aborted &&
  cause instanceof UpstreamFailure &&
  !cause.gaveUp;

async function* detached(call: Call, house: House): AsyncGenerator<Released> {
  if (!(await recorded(call, { type: "message.relayed", outcome: "detached" }, undefined, house)))
    yield unrecorded(call);
}

function read(text: string, frame: ServerMessage["frame"]): Said {
  let json: ServerJson | undefined;
  try {
    json = readServerMessage(text);
  } catch (cause) {
    throw new UpstreamFailure("sent something that is not JSON", true, { cause });
  }
  if (json === undefined) throw new UpstreamFailure("sent something that is not a JSON-RPC message", true);
  return { text, json, ...(frame === undefined ? {} : { frame }) };
}

const answers = (json: ServerJson, awaited: JsonRpcId | null) =>
  awaited !== null && json.id === awaited && json.method === undefined;

/**
 * What a server may send that is not the response: requests and notifications on a stream, and an error beside an HTTP
 * status that refuses. A response to another id is neither relayed nor ignored: a client that takes `"1"` for `1` would
 * read a list that nobody filtered.
 */
const mayPrecede = (json: ServerJson, { kind, status }: UpstreamAnswer) =>
  json.method === undefined ? status >= 400 && json.error !== undefined : kind === "stream";

function objection(json: ServerJson, inspect: ReturnType<typeof inspector>): string | undefined {
  if (typeof json.method !== "string") return undefined;
  const said: ServerRequest = { method: json.method, params: isObject(json.params) ? json.params : {} };
  return (json.id === undefined ? inspect.notice(said) : inspect.request(said)) ?? inspect.embedded(json);
}

/** What a server may not say to this caller stays here: a notice is dropped, a request is answered to the server. */
async function refuse(call: Call, { json, text }: Said, why: string, house: House): Promise<boolean> {
  const method = String(json.method).slice(0, 256).toWellFormed();
  const step: Step = { type: "call.denied", outcome: "denied", reason: `from the server: ${why}`, method };
  if (!(await recorded(call, step, (await mask(call, text, text, house)) ?? hidden(text), house))) return false;
  if (json.id !== undefined)
    await tellServer(call, errorText(json.id as JsonRpcId, OWN_CODE.denied, `DENIED by Countersign: ${why}`), house);
  return true;
}

/** A list without what this caller may not discover; any other response as it is. */
function visible(call: Call, { text, json }: Said, house: House): { text: string; next: string | undefined } {
  const { method, id } = call.message;
  if (!isList(method)) return { text: withPrivateCache(text, json), next: undefined };
  try {
    // A list with two `tools` would show one to the filter and the other to the client.
    readStrict(text, { depth: DEEPEST, anyNumber: true });
  } catch (cause) {
    throw new UpstreamFailure("sent a list that two parsers could read in two ways", true, { cause });
  }
  const list = visibleList(method, text, json, { server: call.server, id }, (subject) =>
    mayDiscover(call.caller.principal, subject, house.engine, house.now()),
  );
  return { text: withPrivateCache(list.text, json), next: list.next };
}

/** The response of the call. */
async function released(
  call: Call,
  { text, json, frame }: Said,
  shown: string,
  inspect: ReturnType<typeof inspector>,
  house: House,
): Promise<Released> {
  if (!knowsResultType(call, json.result))
    throw new UpstreamFailure("sent a result of a type that this client cannot know", true);
  const why = inspect.embedded(json);
  if (why !== undefined) return refuseResult(call, text, why, house);
  const body = await mask(call, text, shown, house);
  if (body === undefined) return withheld(call, text, house);
  const outcome = json.error === undefined ? outcomeOf(json) : "error";
  if (!(await recorded(call, { type: "call.completed", outcome }, body, house))) return unrecorded(call);
  return {
    text: await withSealedState(call, body.masked, json, house),
    ...(frame === undefined ? {} : { frame: await sealFrame(call, frame, house, true) }),
    ending: outcome === "input-required" ? "input-required" : "completed",
    isError: json.error !== undefined,
  };
}

function outcomeOf({ result }: ServerJson): string {
  if (!isObject(result)) return "ok";
  if (result.resultType === "input_required") return "input-required";
  return result.isError === true ? "tool-error" : "ok";
}

/** The server's own `requestState` goes to the client inside ours, after masking, which must not touch it. */
async function withSealedState(call: Call, text: string, { result }: ServerJson, house: House): Promise<string> {
  if (call.message.era === "legacy" || !isObject(result) || result.resultType !== "input_required") return text;
  const upstream = typeof result.requestState === "string" ? result.requestState : null;
  // An approved run needs a state even where the server has none: its next round must be known as its own.
  const running = call.running === undefined ? null : { ...call.running, rounds: call.running.rounds + 1 };
  if (upstream === null && running === null) return text;
  return setMember(text, ["result", "requestState"], await sealState(call, { upstream, running }, house));
}

/** @returns undefined when the message cannot be masked, and so must be withheld */
async function mask(call: Call, original: string, shown: string, house: House): Promise<MaskedBody | undefined> {
  try {
    const { text: masked, findings } = maskJson(shown, house.masking(call.server), await house.keyedHash());
    return { original, masked, findings };
  } catch {
    return undefined;
  }
}

/** @throws CountersignError `masking_failed` */
async function maskOrThrow(call: Call, text: string, house: House): Promise<MaskedBody> {
  const body = await mask(call, text, text, house);
  if (body === undefined) throw new CountersignError("masking_failed", "a message cannot be masked");
  return body;
}

/** The result exists and cannot be shown: the original is sealed, the caller is told that it ran. */
async function withheld(call: Call, original: string, house: House): Promise<Released> {
  const step: Step = { type: "call.completed", outcome: "withheld", reason: "masking failed" };
  if (!(await recorded(call, step, hidden(original), house))) return unrecorded(call);
  const refusal = REFUSAL.withheld(call.id);
  return { text: refusalText(call.message, refusal.code, refusal.text, refusal.meta), ending: "withheld" };
}

/** The server wants of the client what policy forbids: the result that asks for it stays here. */
async function refuseResult(call: Call, original: string, why: string, house: House): Promise<Released> {
  const body = (await mask(call, original, original, house)) ?? hidden(original);
  if (!(await recorded(call, { type: "call.completed", outcome: "denied", reason: why }, body, house)))
    return unrecorded(call);
  const refusal = REFUSAL.serverRequestDenied(call.id, why);
  return { text: refusalText(call.message, refusal.code, refusal.text, refusal.meta), ending: "withheld" };
}

/** The answer ended and held no response. */
async function* silent(
  call: Call,
  answer: UpstreamAnswer,
  { resumable, said }: { readonly resumable: boolean; readonly said: boolean },
  house: House,
): AsyncGenerator<Released> {
  const { message } = call;
  if (message.kind === "request" && (answer.status < 400 || !said)) {
    const isStream = answer.kind === "stream";
    if (isStream && resumable && message.era === "legacy") return yield* detached(call, house);
    throw new UpstreamFailure(
      isStream ? "ended the stream without a response" : `answered HTTP ${answer.status} without a response`,
      true,
    );
  }
  const outcome = answer.status >= 400 ? "refused-by-server" : message.kind === "listen" ? "ended" : "accepted";
  if (!(await recorded(call, { type: "call.completed", outcome }, undefined, house))) yield unrecorded(call);
}
