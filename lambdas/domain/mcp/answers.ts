import { OWN_CODE } from "./constants.ts";
import type { ClientMessage } from "./message.ts";
import type { JsonRpcId } from "./refusal.ts";

/** A JSON-RPC error as text. */
export const errorText = (id: JsonRpcId | null, code: number, message: string, data?: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, ...(data === undefined ? {} : { data }) } });

/** A JSON-RPC response around a result or error that is already text, so that its bytes stay as they are. */
export const responseText = (id: JsonRpcId | null, kind: "result" | "error", text: string) =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"${kind}":${text}}`;

/**
 * A refusal in the terms of the message's own method. A tool call gets a tool result, because that is what a model
 * reads; HTTP 401 and 403 would send the client to log in again.
 */
export function refusalText(message: ClientMessage, { code, text, meta }: Refusal): string {
  if (message.method !== "tools/call") return errorText(message.id, code, text, meta);
  const result = {
    ...(message.era === "modern" ? { resultType: "complete" } : {}),
    content: [{ type: "text", text }],
    isError: true,
    _meta: { "dev.countersign/refusal": meta },
  };
  return responseText(message.id, "result", JSON.stringify(result));
}

/** What a refusal says, and to whom: a client's program reads its code and what belongs to it, a model its text. */
export interface Refusal {
  /** One of OWN_CODE; said where the answer is a JSON-RPC error. */
  readonly code: number;
  readonly text: string;
  readonly meta: Record<string, unknown>;
}

/** What every kind of refusal says. Each text says what happened and what to do. */
export const REFUSAL = {
  denied: (call: string, reason: string, policies: readonly string[]) => ({
    code: OWN_CODE.denied,
    text: `DENIED by Countersign: ${reason}. Nothing was executed. Do not repeat this call; ask your administrator if you need it (call ${call}).`,
    meta: { kind: "denied", call, policies },
  }),
  /** @param seconds after which there is room again */
  overused: (call: string, reason: string, seconds: number) => ({
    code: OWN_CODE.overused,
    text: `REFUSED by Countersign: ${reason}. Nothing was executed. Come back in ${seconds} seconds (call ${call}).`,
    meta: { kind: "overused", call, retryAfterSeconds: seconds },
  }),
  /** Refused now, and worth another try. */
  notNow: (call: string, reason: string, policies: readonly string[]) => ({
    code: OWN_CODE.denied,
    text: `REFUSED by Countersign: ${reason}. Nothing was executed (call ${call}).`,
    meta: { kind: "not_now", call, policies },
  }),
  /** It may have run already. */
  unknown: (call: string, reason: string, policies: readonly string[]) => ({
    code: OWN_CODE.outcomeNotRecorded,
    text: `REFUSED by Countersign: ${reason}. Check before you ask for it again (call ${call}).`,
    meta: { kind: "unknown", call, policies },
  }),
  /** @param step which failed, where it is known: it helps whoever has just deployed this, and names nothing of the inside */
  notRecorded: (call: string, step?: string) => ({
    code: OWN_CODE.notRecorded,
    text: `REFUSED by Countersign: the audit record could not be written${step === undefined ? "" : ` (${step})`}, so nothing was executed. Try again later (call ${call}).`,
    meta: { kind: "not_recorded", call },
  }),
  outcomeNotRecorded: (call: string) => ({
    code: OWN_CODE.outcomeNotRecorded,
    text: `The call RAN, but its outcome could not be recorded, so its result is withheld. Do not repeat it; report call ${call} to your administrator.`,
    meta: { kind: "outcome_not_recorded", call },
  }),
  withheld: (call: string) => ({
    code: OWN_CODE.withheld,
    text: `The call RAN, but its result could not be masked, so it is withheld. Do not repeat it; report call ${call} to your administrator.`,
    meta: { kind: "withheld", call },
  }),
  serverRequestDenied: (call: string, why: string) => ({
    code: OWN_CODE.denied,
    text: `DENIED by Countersign: ${why}. The call reached the server, which waits for an answer that you may not give; ask your administrator if you need it (call ${call}).`,
    meta: { kind: "denied", call },
  }),
  upstreamFailed: (call: string, server: string, why: string, sent: boolean) => ({
    code: OWN_CODE.upstreamFailed,
    text: `The server "${server}" ${why}. ${sent ? "The call may have run: check before you repeat it" : "Nothing was executed"} (call ${call}).`,
    meta: { kind: "upstream_failed", call, server, sent },
  }),
  waitLost: (call: string, approval: string) => ({
    code: OWN_CODE.pending,
    text: `The wait for approval ${approval} was lost. The call runs at most once: call the same tool again with the same arguments to learn what came of it (call ${call}).`,
    meta: { kind: "wait_lost", call, approval },
  }),
  /** Approved, and begun by another call alike: the server may have acted already. */
  running: (call: string, approval: string, by: string) => ({
    code: OWN_CODE.pending,
    text: `RUNNING under approval ${approval}: another call of yours with the same arguments (${by}) has begun it, and it runs once. Do not do the same in another way; call the same tool again with the same arguments to collect what came of it (call ${call}).`,
    meta: { kind: "running", call, approval, by },
  }),
  pending: (call: string, approval: string, group: string) => ({
    code: OWN_CODE.pending,
    text: `PENDING APPROVAL ${approval}. Not executed yet: the group "${group}" has been asked. Tell the user, then call the same tool again with the same arguments (call ${call}).`,
    meta: { kind: "pending", call, approval },
  }),
} as const;
