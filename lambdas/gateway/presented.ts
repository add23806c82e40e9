import type { Approval } from "../domain/approval/approval.ts";
import { argumentsDigest } from "../domain/approval/grant.ts";
import { statusAt } from "../domain/approval/state.ts";
import { META_APPROVAL } from "../domain/mcp/constants.ts";
import { isObject } from "../domain/mcp/message.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** What of a call differs from the one that an approval was asked for. */
export type Change = "another_tool" | "arguments_changed" | "client_changed" | "policy_changed" | "tool_changed";

type Facts = Pick<Call, "server" | "target" | "arguments" | "caller" | "message">;

/** Compares a call with the row of an approval that its client presents; undefined when the call itself is the same. */
export function changeOf(row: Approval, { server, arguments: args, caller, message }: Facts): Change | undefined {
  if (row.server !== server || row.method !== message.method) return "another_tool";
  if (row.requester.client !== caller.principal.client) return "client_changed";
  return row.argumentsDigest === argumentsDigest(args) ? undefined : "arguments_changed";
}

/**
 * Why the approval that a client names in `_meta`, or has waited for, is not for its call, or not any more; undefined when it names none or
 * the call falls under it.
 *
 * @param digest what an approval of the call is bound to
 * @param toolDigest hash of the tool's definition as it is now
 */
export async function whyNotPresented(
  call: Call,
  { digest, toolDigest }: { readonly digest: string; readonly toolDigest: string },
  { approvals, settings, now }: House,
): Promise<string | undefined> {
  const { _meta } = call.message.params;
  const id = call.waitedFor ?? (isObject(_meta) ? _meta[META_APPROVAL] : undefined);
  if (id === undefined) return undefined;
  const row = typeof id === "string" ? await approvals.get(id) : undefined;
  if (row === undefined || row.requesterId !== call.caller.principal.id) return "unknown_approval";
  if (row.callDigest !== digest)
    return (
      changeOf(row, call) ?? (row.toolDigest === toolDigest ? policyChange(row, settings.digests) : "tool_changed")
    );
  const status = statusAt(row, now());
  if (status === "EXPIRED" || status === "WITHDRAWN") return status.toLowerCase();
  const collectFor = settings.config.limits.collectFor * 1000;
  if (status === "COMPLETED" && now() >= (row.completedAt ?? 0) + collectFor) return "already_consumed";
  return undefined;
}

const policyChange = ({ digests }: Approval, now: Approval["digests"]): Change =>
  digests.policy === now.policy && digests.risks === now.risks ? "another_tool" : "policy_changed";
