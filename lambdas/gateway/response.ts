import { readStrict } from "../domain/json/strict.ts";
import { withRelaxedSchemas } from "../domain/masking/index.ts";
import { REFUSAL } from "../domain/mcp/answers.ts";
import { setMember } from "../domain/mcp/edit.ts";
import { DEEPEST, isObject } from "../domain/mcp/message.ts";
import { greetsInDisguise, isGreeting, withNotice } from "../domain/mcp/notice.ts";
import type { ServerJson } from "../domain/mcp/server-message.ts";
import { isList, isListInDisguise, visibleList, withPrivateCache } from "../domain/mcp/visible-list.ts";
import { mayDiscover } from "../domain/policy/decide.ts";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import { type Call, surroundingsOf } from "./call.ts";
import { conformed } from "./conformed.ts";
import type { Step } from "./entries.ts";
import { sealFrame } from "./events.ts";
import { unrecorded } from "./failed.ts";
import type { House } from "./house.ts";
import { type inspector, knowsResultType } from "./inspect.ts";
import { mask, type Opened } from "./masked.ts";
import { passBy } from "./pass-by.ts";
import { hidden, recorded } from "./recording.ts";
import { type Released, refusalOf } from "./released.ts";
import type { Said } from "./sort.ts";
import { sealState } from "./states.ts";

/**
 * A list without what this caller may not discover, and without tools that are not what is pinned; a greeting with the
 * adopter's notice; any other response as it is.
 */
export async function visible(
  call: Call,
  { text, json }: Said,
  house: House,
): Promise<{ text: string; next: string | undefined }> {
  const { method, id } = call.message;
  const { notice } = house.settings.config;
  if (isGreeting(method) && notice !== null) {
    oneReading(text, "a greeting");
    if (greetsInDisguise(json)) throw twofold("a greeting");
    return { text: withNotice(withPrivateCache(text, json), json, notice), next: undefined };
  }
  if (!isList(method)) return { text: withPrivateCache(text, json), next: undefined };
  // A list with two `tools` would show one to the filter and the other to the client.
  oneReading(text, "a list");
  if (isListInDisguise(json)) throw twofold("a list");
  const tools = method === "tools/list" && isObject(json.result) ? json.result.tools : undefined;
  const isPinned = Array.isArray(tools) ? await passBy(call, tools, house) : () => true;
  const list = visibleList(
    method,
    text,
    json,
    { server: call.server, id },
    (subject, item) =>
      isPinned(item) && mayDiscover(call.caller.principal, subject, house.engine, surroundingsOf(call, house.now())),
  );
  const listed = method === "tools/list" ? withRelaxedSchemas(list.text, json) : list.text;
  return { text: withPrivateCache(listed, json), next: list.next };
}

/** @throws UpstreamFailure when one parser could read it otherwise than another: what is changed in it would not be what the client sees */
function oneReading(text: string, what: string): void {
  try {
    readStrict(text, { depth: DEEPEST, anyNumber: true });
  } catch (cause) {
    throw twofold(what, cause);
  }
}

const twofold = (what: string, cause?: unknown) =>
  new UpstreamFailure(`sent ${what} that two parsers could read in two ways`, true, { cause });

/** The response of the call. */
export async function released(
  call: Call,
  { text, json, frame }: Said,
  shown: string,
  { inspect, opened }: { readonly inspect: ReturnType<typeof inspector>; readonly opened: Opened },
  house: House,
): Promise<Released> {
  if (!knowsResultType(call, json.result))
    throw new UpstreamFailure("sent a result of a type that this client cannot know", true);
  const why = inspect.embedded(json);
  if (why !== undefined) return refuseResult(call, text, why, house);
  const masked = await mask(call, text, shown, house, opened);
  if (masked === undefined) return withheld(call, text, house);
  const body = await conformed(call, masked, house);
  const outcome = json.error === undefined ? outcomeOf(json) : "error";
  if (!(await recorded(call, { type: "call.completed", outcome }, body, house))) return unrecorded(call);
  return {
    text: await withSealedState(call, body.masked, json, house),
    ...(frame === undefined ? {} : { frame: await sealFrame(call, frame, house, { isLast: true }) }),
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

/** The result exists and cannot be shown: the original is sealed, the caller is told that it ran. */
export async function withheld(call: Call, original: string, house: House): Promise<Released> {
  const step: Step = { type: "call.completed", outcome: "withheld", reason: "masking failed" };
  if (!(await recorded(call, step, hidden(original), house))) return unrecorded(call);
  return { ...refusalOf(call, REFUSAL.withheld(call.id)), ending: "withheld" };
}

/** The server wants of the client what policy forbids: the result that asks for it stays here. */
async function refuseResult(call: Call, original: string, why: string, house: House): Promise<Released> {
  const body = (await mask(call, original, original, house)) ?? hidden(original);
  if (!(await recorded(call, { type: "call.completed", outcome: "denied", reason: why }, body, house)))
    return unrecorded(call);
  return { ...refusalOf(call, REFUSAL.serverRequestDenied(call.id, why)), ending: "withheld" };
}
