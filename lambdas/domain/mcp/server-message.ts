import type { Json } from "../json/json.ts";
import { readFaithful } from "../json/strict.ts";
import { isObject, type JsonObject } from "./message.ts";

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

const isMessage = ({ jsonrpc, method, result, error }: JsonObject) =>
  jsonrpc === "2.0" &&
  (method === undefined ? (result === undefined) !== (error === undefined) : typeof method === "string");

/** What a server asks of the client: a request of its own (legacy), or one embedded in an `input_required` result. */
export interface ServerRequest {
  readonly method: string;
  readonly params: JsonObject;
}

/** The requests that a result of 2026-07-28 embeds; the client answers them with its next call. */
export function inputRequestsOf(result: Json | undefined): readonly ServerRequest[] {
  if (!isObject(result) || !isObject(result.inputRequests)) return [];
  return Object.values(result.inputRequests).flatMap((entry) =>
    isObject(entry) && typeof entry.method === "string"
      ? [{ method: entry.method, params: isObject(entry.params) ? entry.params : {} }]
      : [],
  );
}
