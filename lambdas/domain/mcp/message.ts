import type { Json } from "../json/json.ts";
import { readStrict, StrictJsonError } from "../json/strict.ts";
import { INVALID_PARAMS, INVALID_REQUEST, META_PROTOCOL_VERSION, PARSE_ERROR } from "./constants.ts";
import { lookalikeIn, type Names, namesOf } from "./lookalikes.ts";
import { type JsonRpcId, ProtocolRefusal } from "./refusal.ts";

export type JsonObject = { readonly [key: string]: Json };

/**
 * What a client says in one HTTP request, parsed once; `text` is what will be forwarded, byte for byte. The legacy era
 * also speaks by HTTP's own methods: GET opens a stream (`listen`), DELETE ends a session (`end`).
 */
export interface ClientMessage {
  readonly kind: "request" | "notification" | "response" | "listen" | "end";
  /** 2026-07-28 is `modern`; 2025-03-26 to 2025-11-25 are `legacy`. */
  readonly era: "modern" | "legacy";
  readonly text: string;
  /** The request's id; null for notifications. */
  readonly id: JsonRpcId | null;
  /** Empty for responses. */
  readonly method: string;
  readonly params: JsonObject;
}

/** Longest name of a method; records hold it. */
const LONGEST_METHOD = 256;
/** Deepest nesting of a message; more serves no tool and costs every reader of the record. */
export const DEEPEST = 64;

/**
 * Reads one JSON-RPC message. Strict where two parsers could see two calls: duplicate keys, numbers that do not
 * survive a round trip, invalid UTF-8 and batches are refused.
 *
 * @param bytes the body as it came
 * @throws ProtocolRefusal with the JSON-RPC code and HTTP status to answer with
 */
export function readClientMessage(bytes: Uint8Array): ClientMessage {
  const text = decode(bytes);
  const json = read(text);
  if (Array.isArray(json))
    throw new ProtocolRefusal(400, INVALID_REQUEST, "JSON-RPC batches are not accepted; send one message a request");
  if (!isObject(json) || json.jsonrpc !== "2.0")
    throw new ProtocolRefusal(400, INVALID_REQUEST, 'not a JSON-RPC 2.0 message: "jsonrpc" must be "2.0"');
  const id = idOf(json);
  refuseLookalikes(json, ENVELOPE, "", id);
  if (json.method !== undefined && ("result" in json || "error" in json))
    throw new ProtocolRefusal(400, INVALID_REQUEST, 'a message has either "method", or "result" or "error"', id);
  if (json.method === undefined) return response(json, text, id);
  if (typeof json.method !== "string" || json.method === "" || json.method.length > LONGEST_METHOD)
    throw new ProtocolRefusal(
      400,
      INVALID_REQUEST,
      `"method" must be a text of at most ${LONGEST_METHOD} characters`,
      id,
    );
  if (json.params !== undefined && !isObject(json.params))
    throw new ProtocolRefusal(400, INVALID_PARAMS, '"params" must be an object', id);
  const params = isObject(json.params) ? json.params : {};
  refuseLookalikes(params, PARAMS, "params.", id);
  for (const [member, names] of Object.entries(MEMBERS)) {
    const value = params[member];
    if (isObject(value)) refuseLookalikes(value, names, `params.${member}.`, id);
  }
  const kind = "id" in json ? "request" : "notification";
  // A request sent without an id would run with nobody to answer, and past whatever asks for consent.
  if ((kind === "notification") !== json.method.startsWith("notifications/"))
    throw new ProtocolRefusal(
      400,
      INVALID_REQUEST,
      `${kind === "request" ? "a notification has no" : "this request needs an"} "id"`,
      id,
    );
  return { kind, era: eraOf(params), text, id, method: json.method, params };
}

/** Names of the protocol that decide what a message is and does. */
export const ENVELOPE = namesOf("jsonrpc", "id", "method", "params", "result", "error");
const PARAMS = namesOf(
  ...["name", "uri", "arguments", "_meta", "ref", "argument", "context", "cursor", "notifications"],
  ...["requestState", "inputResponses", "task", "taskId"],
);
/** Members of params that name what a message is about. */
const MEMBERS: Readonly<Record<string, Names>> = {
  ref: namesOf("type", "name", "uri"),
  notifications: namesOf("resourceSubscriptions", "toolsListChanged", "promptsListChanged", "resourcesListChanged"),
};

/** Refuses a member that is spelled like one of the protocol's: some servers would run another call than the one decided on. */
function refuseLookalikes(json: JsonObject, names: Names, where: string, id: JsonRpcId | null): void {
  const alike = lookalikeIn(json, names);
  if (alike !== undefined)
    throw new ProtocolRefusal(400, INVALID_REQUEST, `a member is spelled like "${where}${alike}" without being it`, id);
}

/** GET and DELETE as messages without a body: records and policy name them by their HTTP method. */
export const bodilessMessage = (method: "GET" | "DELETE"): ClientMessage => ({
  kind: method === "GET" ? "listen" : "end",
  era: "legacy",
  text: "",
  id: null,
  method,
  params: {},
});

/** Whether parsed JSON is an object. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ProtocolRefusal(400, PARSE_ERROR, "the body is not UTF-8", null, { cause });
  }
}

function read(text: string): Json {
  try {
    return readStrict(text, { depth: DEEPEST });
  } catch (cause) {
    if (!(cause instanceof StrictJsonError)) throw cause;
    throw new ProtocolRefusal(400, PARSE_ERROR, cause.message, null, { cause });
  }
}

/** MCP narrows JSON-RPC: an id is a text or a whole number, never null (2025-11-25, basic, Requests). */
export const isId = (id: Json | undefined): id is JsonRpcId => typeof id === "string" || Number.isInteger(id);

function idOf(json: JsonObject): JsonRpcId | null {
  if (!("id" in json)) return null;
  if (isId(json.id)) return json.id;
  throw new ProtocolRefusal(400, INVALID_REQUEST, '"id" must be a text or a whole number');
}

function response(json: JsonObject, text: string, id: JsonRpcId | null): ClientMessage {
  if (id === null || "result" in json === "error" in json)
    throw new ProtocolRefusal(
      400,
      INVALID_REQUEST,
      'neither a request ("method") nor a response ("id" and "result" or "error")',
      id,
    );
  if ("result" in json && !isObject(json.result))
    throw new ProtocolRefusal(400, INVALID_REQUEST, 'the "result" of an answer must be an object', id);
  if ("error" in json && !isObject(json.error))
    throw new ProtocolRefusal(400, INVALID_REQUEST, 'the "error" of an answer must be an object', id);
  // What a client answers to a server is looked at like arguments, whether it grants or declines.
  const params = isObject(json.result) ? json.result : isObject(json.error) ? json.error : {};
  return { kind: "response", era: "legacy", text, id, method: "", params };
}

/** The modern era marks every request in its own body, so the body tells the era, not a header. */
const eraOf = (params: JsonObject) =>
  isObject(params._meta) && params._meta[META_PROTOCOL_VERSION] !== undefined ? "modern" : "legacy";
