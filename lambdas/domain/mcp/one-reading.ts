import type { Json } from "../json/json.ts";
import { repeatsName } from "../json/repeated.ts";
import { lookalikeIn, type Names, namesOf } from "./lookalikes.ts";
import { ENVELOPE, isObject, type JsonObject } from "./message.ts";
import type { ServerJson } from "./server-message.ts";

/** Names that the gateway decides by, where each of them stands. All else in a message is spelled as its server likes. */
const RESULT = namesOf("inputRequests", "cacheScope");
const ERROR = namesOf("code", "data");
const PARAMS = namesOf("inputRequests");
const UPDATED = namesOf("inputRequests", "uri");
const REQUEST = namesOf("method", "params");

/**
 * Whether all readers of a server's message find the same in it wherever the gateway decides: no member is spelled like
 * one that it reads, and none is there twice.
 *
 * @param text JSON; `json` is the same, parsed
 */
export const hasOneReading = (text: string, json: ServerJson): boolean =>
  !isDisguised(json) && !repeatsName(text, depthOf(text, json));

function isDisguised(json: ServerJson): boolean {
  const { method, params, result, error } = json;
  return (
    lookalikeIn(json, ENVELOPE) !== undefined ||
    [result, params].some(asksInDisguise) ||
    isLikeOneOf(result, RESULT) ||
    isLikeOneOf(error, ERROR) ||
    isLikeOneOf(params, method === "notifications/resources/updated" ? UPDATED : PARAMS)
  );
}

const asksInDisguise = (holder: Json | undefined) =>
  isObject(holder) &&
  isObject(holder.inputRequests) &&
  Object.values(holder.inputRequests).some((request) => isLikeOneOf(request, REQUEST));

const isLikeOneOf = (value: Json | undefined, names: Names) =>
  isObject(value) && lookalikeIn(value, names) !== undefined;

/** What may hide another result behind the one that was parsed; an escape can spell anything. */
const SUSPECT = /requests|scope|\\u/iu;

/**
 * How deep names may not be repeated: everywhere in what asks something of the client, because policy sees all of it; in
 * a plain result only where another one could hide. Its own data may repeat them, as some servers' do.
 */
function depthOf(text: string, { method, error, result }: JsonObject): number {
  const asks = method !== undefined || error !== undefined || (isObject(result) && result.inputRequests !== undefined);
  if (asks) return Number.POSITIVE_INFINITY;
  return SUSPECT.test(text) ? 2 : 0;
}
