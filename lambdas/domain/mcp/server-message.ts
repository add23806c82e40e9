import type { Json } from "../json/json.ts";
import { readFaithful } from "../json/strict.ts";
import { URL_ELICITATION_REQUIRED } from "./constants.ts";
import { isId, isObject, type JsonObject } from "./message.ts";

/** A message of a server, parsed. A request or notification has a method; a response has either a result or an error. */
export type ServerJson = JsonObject;

/**
 * Reads one JSON-RPC message of a server.
 * @returns undefined for what is no JSON-RPC message
 * @throws StrictJsonError for what is not JSON
 */
export function readServerMessage(text: string): ServerJson | undefined {
  const parsed = readFaithful(text);
  return isObject(parsed) && isMessage(parsed) ? parsed : undefined;
}

const isMessage = ({ jsonrpc, id, method, params, result, error }: JsonObject) => {
  if (jsonrpc !== "2.0") return false;
  // An error about what could not be read has the id null, and so have some servers' notices: they are looked at as requests.
  if (!(id === undefined || id === null || isId(id))) return false;
  if (method === undefined) return (result === undefined) !== (error === undefined);
  // A client that looks for a result first would take a request that holds one for the response.
  if (typeof method !== "string" || result !== undefined || error !== undefined) return false;
  // Some servers write null for what they leave out.
  return params === undefined || params === null || isObject(params);
};

/** What a server asks of the client: a request of its own (legacy), or one embedded in an `input_required` result. */
export interface ServerRequest {
  readonly method: string;
  readonly params: JsonObject;
}

/**
 * The requests that a server's word embeds, which the client answers with its next call: in a result of 2026-07-28, in a
 * notice about a task, or in the error that asks for a visit to a URL (2025-11-25, elicitation).
 *
 * @returns undefined for embedded requests that cannot be read as such
 */
export function embeddedRequests({ result, error, params }: ServerJson): readonly ServerRequest[] | undefined {
  const holders = [result, params].flatMap((holder) => (isObject(holder) ? [holder.inputRequests] : []));
  const embedded = holders.filter((requests) => requests !== undefined);
  const requests = embedded.flatMap((all) => (isObject(all) ? Object.values(all) : [null]));
  const read = requests.map(requestOf);
  // Some clients read a code that is written as a text.
  const asksToVisit = isObject(error) && Number(error.code) === URL_ELICITATION_REQUIRED;
  const all = [...read, ...(asksToVisit ? [visitOf(error.data)] : [])];
  return all.every((request) => request !== undefined) ? all : undefined;
}

function requestOf(entry: Json): ServerRequest | undefined {
  if (!isObject(entry) || typeof entry.method !== "string") return undefined;
  const { method, params } = entry;
  if (params === undefined || params === null) return { method, params: {} };
  return isObject(params) ? { method, params } : undefined;
}

const visitOf = (data: Json | undefined): ServerRequest => ({
  method: "elicitation/create",
  params: isObject(data) ? data : {},
});
