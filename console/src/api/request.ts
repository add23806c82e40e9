import * as z from "zod/mini";
import { ApiError } from "../app/failure.ts";
import { API_URL } from "../app/place.ts";

/** Milliseconds after which an answer tells nothing about the clock: the device may have slept meanwhile. */
const SLOW = 5000;

const errorSchema = z.object({ code: z.optional(z.string()), message: z.optional(z.string()) });

/** Sends one request to the API: a POST when there is a body. */
export interface Requests {
  /** @throws ApiError when the answer is no success, or none came */
  send(path: string, body?: object): Promise<unknown>;
  /** Milliseconds since the epoch by the server's clock; deadlines are by the server's. */
  now(): number;
}

/** @param token the access token to send, or undefined when the person is not signed in any more */
export function createRequests(token: () => Promise<string | undefined>): Requests {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    async send(path, body) {
      const bearer = await token();
      if (bearer === undefined) throw new ApiError(401, "token_invalid", "");
      const headers = { accept: "application/json", authorization: `Bearer ${bearer}` };
      const request: RequestInit =
        body === undefined
          ? { headers }
          : { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
      const sent = Date.now();
      const response = await fetch(new URL(path, API_URL), {
        ...request,
        cache: "no-store",
        signal: AbortSignal.timeout(20_000),
      }).catch((cause: unknown) => {
        throw new ApiError(0, "unreachable", "The request got no answer.", { cause });
      });
      const received = Date.now();
      const apart = Date.parse(response.headers.get("date") ?? "") - received;
      // A clock that was set meanwhile went backwards, or as if the answer had taken long.
      const isPrompt = received >= sent && received - sent < SLOW;
      // The header counts whole seconds: below two of them the clocks agree as far as it can tell.
      if (isPrompt && !Number.isNaN(apart)) offset = Math.abs(apart) > 2000 ? apart : 0;
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.ok) return answer;
      const { code, message } = errorSchema.safeParse(answer).data ?? {};
      throw new ApiError(response.status, code ?? "", message ?? `The answer was ${response.status}.`);
    },
  };
}
