import { needed, type Place } from "./place.ts";

/**
 * Asks the approvers' API.
 *
 * @param token a console token of the person who asks
 * @param body sent as JSON; without it the request is a GET
 * @throws Error with the API's own word when it refuses
 */
export async function callApi<T>(place: Place, path: string, token: string | undefined, body?: object): Promise<T> {
  if (!token) throw new Error("COUNTERSIGN_TOKEN must hold a console token of yours");
  const response = await fetch(`${needed(place.url, "--url")}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // A page of something before the API, or in its place, is not quoted.
  if (!/^application\/json\b/i.test(response.headers.get("content-type") ?? ""))
    throw new Error(`HTTP ${response.status}, and no JSON: is --url the gateway's?`);
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  const said = (answer as { message?: unknown } | null)?.message;
  throw new Error(typeof said === "string" ? said : `HTTP ${response.status}`);
}
