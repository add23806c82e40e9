import type { RecordApproval, RecordBody, RecordEntry, RecordType } from "../domain/evidence/record.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** What a step of a call adds to its record. */
export interface Step {
  readonly type: RecordType;
  readonly outcome: string;
  readonly reason?: string;
  readonly request?: RecordBody;
  readonly response?: RecordBody;
  readonly approval?: RecordApproval;
  /** Where the step is about a message of the server that was refused, and its method. */
  readonly sender?: "server";
  readonly method?: string;
}

/** The record of one step of a call: who, what, where, when, decided how (AU-3). */
export function entryOf(call: Call, step: Step, { settings, now }: House): RecordEntry {
  const at = now();
  const { decision } = call;
  return {
    method: call.message.method || "response",
    ...step,
    occurredAt: new Date(at).toISOString(),
    session: call.session,
    call: call.id,
    server: call.server,
    target: call.shownTarget,
    principal: recordPrincipal(call.caller.principal),
    source: call.source,
    decision: {
      kind: decision.kind,
      policies: decision.policies,
      reason: decision.kind === "deny" ? decision.reason : null,
    },
    ...(step.type === "call.received" && Object.keys(call.shownHeaders).length > 0
      ? { headers: call.shownHeaders }
      : {}),
    ...(call.grant === undefined ? {} : { grant: call.grant }),
    ...(call.breakGlass === undefined ? {} : { breakGlass: call.breakGlass }),
    ...approvedByPolicy(call),
    risks: [...new Set(call.risks.map((match) => match.risk))],
    digests: settings.digests,
    ...(step.type === "call.received" ? {} : { durationMs: Math.max(0, at - call.startedAt) }),
    ...(call.received === undefined ? {} : { received: call.received }),
  };
}

/** A policy that approved in a human's stead is shown as the one who did. */
function approvedByPolicy({ decision }: Call): Pick<RecordEntry, "approval"> {
  if (decision.kind !== "allow" || decision.approvedBy === undefined) return {};
  const { policy, reason } = decision.approvedBy;
  const approval = { id: `policy:${policy}`, attempt: 1, group: "policy", verdict: "approve", by: `policy ${policy}` };
  return { approval: { ...approval, person: null, reason, rendered: null, waitedMs: 0 } };
}
