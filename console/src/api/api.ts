import type * as z from "zod/mini";
import { pageSchema, type Verdict } from "./approval.ts";
import type { Constraint } from "./constraint.ts";
import { type Grant, grantSchema, grantsSchema } from "./grant.ts";
import { type Me, meSchema } from "./me.ts";
import { type Approval, readApproval } from "./read-approval.ts";
import { createRequests } from "./request.ts";

export type View = "waiting" | "decided" | "mine" | "all";

/** How far an approval reaches. */
export type Scope =
  | { readonly kind: "call" }
  | { readonly kind: "session" }
  | {
      readonly kind: "minutes";
      readonly minutes: number;
      readonly arguments: "same" | "any";
      readonly constraint?: readonly Constraint[];
    };

export interface Decision {
  readonly verdict: Verdict;
  readonly reason: string;
  /** Digest of what the page showed (`lambdas/domain/approval/rendered.ts`). */
  readonly rendered: string;
  readonly scope?: Scope;
}

export interface AccessRequest {
  readonly server: string;
  readonly tools: readonly string[];
  readonly minutes: number;
  readonly reason: string;
  readonly constraint?: readonly Constraint[];
}

/** The approvers' API, as one signed-in person sees it. Every method throws ApiError when the answer is no success. */
export interface Api {
  me(): Promise<Me>;
  list(view: View, cursor?: string): Promise<z.infer<typeof pageSchema>>;
  get(id: string): Promise<Approval>;
  decide(id: string, decision: Decision): Promise<void>;
  withdraw(id: string, reason: string): Promise<void>;
  /** The arguments in clear, as JSON text. That they were read is recorded. */
  reveal(id: string): Promise<string>;
  grants(all: boolean): Promise<readonly Grant[]>;
  endGrant(id: string, reason: string): Promise<Grant>;
  /** @returns the id of the approval that now waits */
  requestAccess(request: AccessRequest): Promise<string>;
  setBlocked(principal: string, blocked: boolean, reason: string): Promise<void>;
  /** Milliseconds since the epoch by the server's clock. */
  now(): number;
}

/** @param token the access token to send, or undefined when the person is not signed in any more */
export function createApi(token: () => Promise<string | undefined>): Api {
  const { send, now } = createRequests(token);
  const approval = (id: string) => `approvals/${encodeURIComponent(id)}`;
  return {
    now,
    me: async () => meSchema.parse(await send("me")),
    list: async (view, cursor) =>
      pageSchema.parse(
        await send(`approvals?${new URLSearchParams({ view, ...(cursor === undefined ? {} : { cursor }) })}`),
      ),
    get: async (id) => readApproval(await send(approval(id))),
    decide: async (id, decision) => void (await send(`${approval(id)}/decision`, decision)),
    withdraw: async (id, reason) => void (await send(`${approval(id)}/withdraw`, { reason })),
    reveal: async (id) => textIn(await send(`${approval(id)}/reveal`, {}), "arguments"),
    grants: async (all) => grantsSchema.parse(await send(all ? "grants?all=true" : "grants")).grants,
    endGrant: async (id, reason) => grantSchema.parse(await send(`grants/${encodeURIComponent(id)}/end`, { reason })),
    requestAccess: async (request) => textIn(await send("access-requests", request), "approval"),
    setBlocked: async (principal, blocked, reason) =>
      void (await send(`principals/${encodeURIComponent(principal)}/${blocked ? "block" : "unblock"}`, { reason })),
  };
}

function textIn(answer: unknown, name: string): string {
  const value = typeof answer === "object" && answer !== null ? Reflect.get(answer, name) : undefined;
  if (typeof value !== "string") throw new Error(`The answer has no ${name}.`);
  return value;
}
