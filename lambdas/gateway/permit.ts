import { argumentsDigest, type Grant } from "../domain/approval/grant.ts";
import { statusAt } from "../domain/approval/state.ts";
import { setMember } from "../domain/mcp/edit.ts";
import { isObject } from "../domain/mcp/message.ts";
import { extrasOf, knownMetaOf } from "../domain/mcp/target.ts";
import type { Decision } from "../domain/policy/decide.ts";
import { METRIC, type MetricName } from "../metric-names.ts";
import { breakGlass } from "./break-glass.ts";
import type { Call, Running } from "./call.ts";
import { coveringGrant, recordGrant } from "./covering-grant.ts";
import type { House } from "./house.ts";

export type Asking = Extract<Decision, { kind: "approve" }>;

/** What a call is on its way to, once policy, grants and the caller's own reason have been looked at. */
export type Path =
  | { readonly kind: "go"; readonly metric: MetricName }
  | { readonly kind: "wait"; readonly decision: Asking }
  | { readonly kind: "grant"; readonly decision: Asking; readonly grant: Grant }
  | { readonly kind: "break-glass"; readonly decision: Asking }
  | { readonly kind: "resume"; readonly running: Running };

/** A grant and a broken glass are for a call's arguments; what else it carries belongs to a round that the server asked for. */
function carriedBeside({ message }: Call): string | undefined {
  const asked = message.era === "modern" && message.params.requestState !== undefined;
  const extras = Object.keys(extrasOf(message) ?? {}).filter((name) => !(asked && name === "inputResponses"));
  return extras.length === 0 ? undefined : `a call that needs approval cannot carry ${extras.join(", ")}`;
}

/**
 * What somebody consents to is the call and its arguments: what else `_meta` tells the server was shown to nobody, and
 * may change from one call to the next (clients number their calls there), so it does not go with it.
 */
function asConsentedTo(call: Call): Call {
  const { _meta } = call.message.params;
  const known = knownMetaOf(call.message);
  if (!isObject(_meta) || Object.keys(_meta).length === Object.keys(known ?? {}).length) return call;
  return { ...call, message: { ...call.message, text: setMember(call.message.text, ["params", "_meta"], known) } };
}

/** The very call that an approval was for joins its run while there is one; the grant is for what comes after it. */
async function belongsToItsApproval(call: Call, grant: Grant, { approvals, now }: House): Promise<boolean> {
  const row = await approvals.get(grant.approval);
  if (row === undefined || row.kind !== "call" || row.argumentsDigest !== argumentsDigest(call.arguments)) return false;
  return ["APPROVED", "EXECUTING"].includes(statusAt(row, now()));
}

/** What becomes of a call: policy first, then what stands beside it. */
export async function permit(
  given: Call,
  house: House,
): Promise<{ readonly refused: string } | { readonly call: Call; readonly path: Path }> {
  const { message, decision } = given;
  if (decision.kind === "deny") return { refused: decision.reason };
  if (given.running !== undefined)
    return { call: asConsentedTo(given), path: { kind: "resume", running: given.running } };
  if (decision.kind === "allow")
    return {
      call: given,
      path: { kind: "go", metric: decision.approvedBy ? METRIC.approvedByPolicy : METRIC.allowed },
    };
  if (message.kind !== "request") return { refused: "it needs approval, and only a request can wait for it" };
  const call = asConsentedTo(given);
  const carried = carriedBeside(call);
  const grant = await coveringGrant(call, decision.group, house);
  if (grant !== undefined && (await belongsToItsApproval(call, grant, house)))
    return { call, path: { kind: "wait", decision } };
  if (grant !== undefined && carried !== undefined) return { refused: carried };
  if (grant !== undefined)
    return { call: { ...call, grant: recordGrant(grant) }, path: { kind: "grant", decision, grant } };
  const glass = await breakGlass(call, house);
  if (glass === undefined) return { call, path: { kind: "wait", decision } };
  if ("refused" in glass) return glass;
  if (carried !== undefined) return { refused: carried };
  return { call: { ...glass.call, breakGlass: glass.reason }, path: { kind: "break-glass", decision } };
}
