import type { Json } from "../json/json.ts";
import type { Subject } from "../policy/question.ts";
import { INVALID_PARAMS, LISTEN } from "./constants.ts";
import { type ClientMessage, isObject, type JsonObject } from "./message.ts";
import { ProtocolRefusal } from "./refusal.ts";

/** Where a method names its target. A map, because a caller may name a method `constructor`. */
const NAMED: ReadonlyMap<string, "name" | "uri"> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["resources/subscribe", "uri"],
  ["resources/unsubscribe", "uri"],
]);

/** Methods that 2026-07-28 has no more: the server says so itself. */
const GONE: ReadonlySet<string> = new Set(["resources/subscribe", "resources/unsubscribe"]);

/**
 * What a message is aimed at: a tool's or prompt's name, a resource's URI, or nothing.
 *
 * @throws ProtocolRefusal -32602 when a method that names something does not
 */
export function targetOf(message: ClientMessage): string {
  const key = NAMED.get(message.method);
  if (key === undefined || (message.era === "modern" && GONE.has(message.method))) return "";
  const value = message.params[key];
  if (typeof value !== "string" || value === "")
    throw new ProtocolRefusal(400, INVALID_PARAMS, `"params.${key}" must be a text`, message.id);
  return value;
}

/** The things that policy is asked about: one, or the server and each resource that a client wants to hear of. */
export function subjectsOf(server: string, message: ClientMessage): readonly [Subject, ...Subject[]] {
  const target = targetOf(message);
  switch (message.method) {
    case "tools/call":
      return [{ kind: "tool", server, name: target }];
    case "prompts/get":
      return [{ kind: "prompt", server, name: target }];
    case "completion/complete":
      return [completed(server, message)];
    case LISTEN:
      return [{ kind: "server", server }, ...heard(server, message)];
    default:
      return [target === "" ? { kind: "server", server } : { kind: "resource", server, uri: target }];
  }
}

/** The resources whose changes a `subscriptions/listen` asks for. */
function heard(server: string, { params, id }: ClientMessage): Subject[] {
  const wanted = isObject(params.notifications) ? params.notifications.resourceSubscriptions : undefined;
  if (wanted === undefined) return [];
  if (!Array.isArray(wanted) || !wanted.every((uri) => typeof uri === "string"))
    throw new ProtocolRefusal(400, INVALID_PARAMS, '"resourceSubscriptions" must be a list of texts', id);
  return wanted.map((uri) => ({ kind: "resource", server, uri }));
}

/** A completion looks into the prompt or resource that it completes. */
function completed(server: string, { params }: ClientMessage): Subject {
  const ref = isObject(params.ref) ? params.ref : {};
  if (ref.type === "ref/prompt" && typeof ref.name === "string") return { kind: "prompt", server, name: ref.name };
  if (ref.type === "ref/resource" && typeof ref.uri === "string") return { kind: "resource", server, uri: ref.uri };
  return { kind: "server", server };
}

/** Methods that may take several rounds (2026-07-28, multi round-trip requests). */
const IN_ROUNDS: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);
/** Params that name a call of these methods, or carry it. */
const OWN_PARAMS: Readonly<Record<"name" | "uri", readonly string[]>> = { name: ["name", "arguments"], uri: ["uri"] };

/** Params of a call beside its name and arguments that a server may act on, such as `inputResponses` and `task`. */
export function extrasOf({ era, method, params }: ClientMessage): JsonObject | undefined {
  const named = NAMED.get(method);
  if (named === undefined || !IN_ROUNDS.has(method)) return undefined;
  // Only 2026-07-28 has states; to an older server it would be a parameter like any other.
  const own = [...OWN_PARAMS[named], "_meta", ...(era === "modern" ? ["requestState"] : [])];
  return membersOf(params, (name) => !own.includes(name));
}

/** Of `_meta`: what the protocol and the gateway read, and W3C Trace Context, which names a trace and asks for nothing. */
const KNOWN_META = /^(?:progressToken|traceparent|tracestate|(?:io\.modelcontextprotocol|dev\.countersign)\/.*)$/s;

/** What is known of a message's `_meta`; the rest of it a server may act on as it likes. */
export const knownMetaOf = ({ params: { _meta } }: ClientMessage): JsonObject | undefined =>
  isObject(_meta) ? membersOf(_meta, (name) => KNOWN_META.test(name)) : undefined;

/** What the protocol itself has in `_meta` of a message, for another one of the same client. */
export const protocolMetaOf = ({ params: { _meta } }: ClientMessage): JsonObject | undefined =>
  isObject(_meta) ? membersOf(_meta, (name) => name.startsWith("io.modelcontextprotocol/")) : undefined;

function membersOf(object: JsonObject, wanted: (name: string) => boolean): JsonObject | undefined {
  const members = Object.entries(object).filter(([name]) => wanted(name));
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/**
 * What risk and policy look at, and an approval is bound to: a call's arguments; of any other message, all that it says.
 * What belongs to one round of several is left out: a state must fit every round of its call.
 */
export function argumentsOf({ kind, method, params }: ClientMessage): Json | undefined {
  if (method === "tools/call" || method === "prompts/get") return params.arguments;
  // An answer to the server may carry anything, and anywhere.
  const { _meta, ...rest } = params;
  const said = kind === "response" ? params : rest;
  const { requestState, inputResponses, ...lasting } = said;
  const kept = IN_ROUNDS.has(method) ? lasting : said;
  return Object.keys(kept).length === 0 ? undefined : kept;
}
