import type { Approval, StoredOutcome } from "../domain/approval/approval.ts";
import type { Json } from "../domain/json/json.ts";
import { readFaithful } from "../domain/json/strict.ts";
import { REFUSAL, responseText } from "../domain/mcp/answers.ts";
import { META_COLLECTED } from "../domain/mcp/constants.ts";
import { setMember } from "../domain/mcp/edit.ts";
import { isObject } from "../domain/mcp/message.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { recorded } from "./recording.ts";
import { type Released, refusalOf } from "./released.ts";

/** The result of a call that ran already, for an identical call: recorded as collected, never run again. */
export async function collected(call: Call, row: Approval, house: House): Promise<Released> {
  const { outcome } = row;
  if (outcome === undefined || outcome.kind === "too-large")
    return refused(
      call,
      row,
      `this approved call ran already (call ${row.executedBy}); its result was too large to keep`,
      house,
      "unknown",
    );
  const at = new Date(row.executedAt ?? row.createdAt).toISOString();
  const reason = `collected from call ${row.executedBy}, which ran at ${at}`;
  const text = marked(outcome, { call: row.executedBy ?? "", at });
  if (!(await toldOf(call, { outcome: "collected", reason }, row, house))) return unrecorded(call);
  return { text: responseText(call.message.id, outcome.kind, text), ending: "completed" };
}

/** A result with the mark in its `_meta`; an error has none, and a server may have put something else there. */
function marked({ kind, text }: Exclude<StoredOutcome, { kind: "too-large" }>, mark: Json): string {
  const result: Json = kind === "result" ? readFaithful(text) : null;
  const mayHold = isObject(result) && (result._meta === undefined || isObject(result._meta));
  return mayHold ? setMember(text, ["_meta", META_COLLECTED], mark) : text;
}

/** Nothing ran: why, on record and in the words of a refusal. */
export async function refused(
  call: Call,
  row: Approval,
  reason: string,
  house: House,
  kind: "denied" | "notNow" | "unknown" = "denied",
): Promise<Released> {
  if (!(await toldOf(call, { outcome: "denied", reason }, row, house))) return unrecorded(call);
  return refusalOf(call, REFUSAL[kind](call.id, reason, row.policies), { approval: row.id });
}

/** "Not now": the wait is over for this client, the approval goes on; or the run that it allowed. */
export async function stillPending(call: Call, row: Approval, house: House): Promise<Released> {
  if (row.status === "EXECUTING") {
    const told = { outcome: "pending", reason: `call ${row.executedBy} runs it` };
    if (!(await toldOf(call, told, row, house))) return unrecorded(call);
    return refusalOf(call, REFUSAL.running(call.id, row.id, row.executedBy ?? ""));
  }
  if (!(await toldOf(call, { outcome: "pending" }, row, house))) return unrecorded(call);
  return refusalOf(call, REFUSAL.pending(call.id, row.id, row.group));
}

/** The client took it back; the approval goes on, for whoever calls alike. */
export const cancelled = (call: Call, row: Approval, house: House): Promise<Released> =>
  refused(call, row, `its client cancelled it while it waited for approval ${row.id}`, house, "notNow");

/** Its principal was blocked while it waited. */
export const blockedMeanwhile = (call: Call, row: Approval, house: House): Promise<Released> =>
  refused(call, row, "the principal is blocked", house);

/** Who said no, and why. */
export function denialOf(row: Approval): string {
  const denial = row.decisions.find((decision) => decision.verdict === "deny");
  return `${denial?.by ?? "an approver"} denied approval ${row.id}: ${denial?.reason ?? "no reason given"}`;
}

/** Records an outcome in which nothing ran, with the approval that it hung on. */
function toldOf(
  call: Call,
  told: { readonly outcome: string; readonly reason?: string },
  row: Approval,
  house: House,
): Promise<boolean> {
  const approval = {
    id: row.id,
    attempt: row.attempt,
    group: row.group,
    verdict: null,
    by: null,
    person: null,
    reason: null,
    rendered: null,
    waitedMs: house.now() - row.createdAt,
  };
  return recorded(call, { type: "call.completed", ...told, approval }, undefined, house);
}

/** Nothing ran in this exchange, and nothing could be recorded. */
function unrecorded(call: Call): Released {
  return refusalOf(call, REFUSAL.notRecorded(call.id));
}
