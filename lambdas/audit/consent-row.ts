import type { ApproverGroupConfig } from "../../lib/config/schema.ts";
import type { Desk } from "../approvals/desk.ts";
import type { PersonRequest } from "../approvals/route.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { approvalId } from "../domain/approval/identity.ts";
import { baseUrl } from "../domain/base-url.ts";
import { type ContentKey, sealOriginal } from "../domain/evidence/sealed-original.ts";
import { canonical, digest } from "../domain/json/canonical.ts";
import type { RevealAsk } from "./reveal-ask.ts";
import type { Asking } from "./reveal-entry.ts";

/** Where approvals of reveals are about: no server can be called so, for their names are in lower case. */
export const EVIDENCE = "Evidence";

/** What a reveal is about, in a line. The text of a search may be a secret. */
export const targetOf = (ask: RevealAsk): string => (ask.kind === "search" ? "search" : `${ask.kind} ${ask.id}`);

/** All that somebody agrees to, as text: whoever asks for anything else needs another yes. */
export function boundText(ask: RevealAsk): string {
  const what = ask.kind === "search" ? { search: ask.text } : { [ask.kind]: ask.id };
  return canonical({ ...what, ...spanOf(ask), reason: ask.reason });
}

/**
 * What names the approvals of an ask, so that the same again finds them. Of a search each has a name of its own: one made from its
 * text would let whoever reads the records try texts out.
 *
 * @param call of a search: its own
 */
export const askDigest = (principal: string, ask: RevealAsk, call: string): string =>
  digest({ kind: "reveal", principal, ...(ask.kind === "search" ? { call } : { ask: boundText(ask) }) });

/** What an approval of a reveal is made of, beside the ask. */
export interface RowPlan {
  readonly group: ApproverGroupConfig;
  readonly attempt: number;
  readonly callDigest: string;
  readonly call: string;
}

/** The row by which somebody is asked to agree. The text of a search lies sealed in it: who agrees opens it first, which is recorded. */
export async function revealRow(
  ask: RevealAsk,
  { event, person }: PersonRequest,
  asking: Asking,
  { group, attempt, callDigest, call }: RowPlan,
  { settings, now }: Desk,
  contentKey: () => Promise<ContentKey>,
): Promise<Approval> {
  const createdAt = now();
  const isSearch = ask.kind === "search";
  const what = isSearch ? { search: `[${ask.text.length} characters, sealed]` } : { [ask.kind]: ask.id };
  return {
    id: approvalId(callDigest, attempt),
    kind: "reveal",
    callDigest,
    attempt,
    status: "PENDING",
    createdAt,
    deadline: createdAt + group.expiresAfter * 1000,
    group: group.name,
    quorum: group.quorum,
    requester: person,
    requesterId: person.id,
    agent: null,
    baseUrl: baseUrl(settings.config.publicUrl, event.requestContext),
    session: ask.kind === "session" ? ask.id : `reveal-${isSearch ? call : ask.id}`,
    call,
    server: EVIDENCE,
    method: "reveal",
    target: targetOf(ask),
    description: null,
    toolDigest: "",
    arguments: JSON.stringify({ ...what, ...spanOf(ask), reason: asking.reason }),
    ...(isSearch ? { sealedArguments: await sealOriginal(boundText(ask), call, await contentKey()) } : {}),
    revealNeeded: isSearch,
    revealedTo: [],
    scopes: { session: false, maxMinutes: null },
    access: null,
    breakGlass: null,
    risks: [],
    policies: asking.decision.policies,
    digests: settings.digests,
    decisions: [],
  };
}

function spanOf(ask: RevealAsk): { readonly from?: string; readonly to?: string } {
  if (ask.kind === "record" || ask.span === undefined) return {};
  return { from: new Date(ask.span.from).toISOString(), to: new Date(ask.span.to).toISOString() };
}
