import * as z from "zod/mini";
import { type Approval, type ApprovalSummary, approvalListSchema, approvalSchema, type Verdict } from "./approval.ts";
import { ApiError } from "./failure.ts";
import { API_URL } from "./place.ts";

/** The approvals API, as one signed-in person sees it. Every method throws ApiError when the answer is no success. */
export interface Api {
  list(): Promise<ApprovalSummary[]>;
  get(id: string): Promise<Approval>;
  /** @param rendered SHA-256 of what the page showed (`rendered.ts`) */
  decide(id: string, decision: { verdict: Verdict; reason: string; rendered: string }): Promise<void>;
  /** Milliseconds to add to this machine's clock to get the server's; deadlines are by the server's. */
  clockOffset(): number;
}

const errorSchema = z.object({ code: z.optional(z.string()), message: z.optional(z.string()) });

/** @param token the access token to send, or undefined when the person is not signed in any more */
export function createApi(token: () => Promise<string | undefined>): Api {
  let offset = 0;

  async function call(path: string, body?: object): Promise<unknown> {
    const bearer = await token();
    if (bearer === undefined) throw new ApiError(401, "token_invalid", "");
    const headers = { accept: "application/json", authorization: `Bearer ${bearer}` };
    const request: RequestInit =
      body === undefined
        ? { headers }
        : { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(new URL(path, API_URL), {
      ...request,
      cache: "no-store",
      signal: AbortSignal.timeout(20_000),
    }).catch((cause: unknown) => {
      throw new ApiError(0, "unreachable", "The request got no answer.", { cause });
    });
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) offset = date - Date.now();
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const { code, message } = errorSchema.safeParse(answer).data ?? {};
    throw new ApiError(response.status, code ?? "", message ?? `The answer was ${response.status}.`);
  }

  return {
    list: async () => approvalListSchema.parse(await call("approvals")).approvals,
    get: async (id) => approvalSchema.parse(await call(`approvals/${encodeURIComponent(id)}`)),
    decide: async (id, decision) => void (await call(`approvals/${encodeURIComponent(id)}/decision`, decision)),
    clockOffset: () => offset,
  };
}
