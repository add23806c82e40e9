import type { Approval } from "../domain/approval/approval.ts";
import { approvalId, callDigest } from "../domain/approval/identity.ts";
import { asksAnew } from "../domain/approval/state.ts";
import { CountersignError } from "../domain/error.ts";
import { maskJson, maskText } from "../domain/masking/index.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** Longest masked arguments that fit in the approval's row and on an approver's page. */
const LONGEST_ARGUMENTS = 65_536;
/** Longest matched text that is kept for the page. */
const LONGEST_MATCH = 512;
/** Another caller may open or end an attempt between our read and our write; then we look again. */
const TRIES = 4;

/**
 * Finds the attempt that this call belongs to, or opens a new one.
 *
 * @param group the approvers that policy named
 * @throws CountersignError `bad_request` when the arguments are too large to be judged, `approval_conflict` when others kept changing the attempt
 */
export async function openApproval(call: Call, group: string, house: House): Promise<Approval> {
  const { settings, approvals } = house;
  const groupConfig = settings.config.approverGroups.find((entry) => entry.name === group);
  if (groupConfig === undefined)
    throw new CountersignError("policy_invalid", `the approver group ${group} is not configured`);
  const keyedHash = await house.keyedHash();
  const mask = (text: string) => maskText(text, house.masking(call.server), keyedHash).text;
  const shown = await shownArguments(call, house);
  const digest = callDigestOf(call, house);

  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const head = await approvals.head(digest);
    const current = head && (await approvals.get(head.approvalId));
    const now = house.now();
    if (
      current &&
      !asksAnew(current, { now, group: groupConfig, collectForMs: settings.config.limits.collectFor * 1000 })
    )
      return current;

    const number = (head?.attempt ?? 0) + 1;
    const row: Approval = {
      id: approvalId(digest, number),
      kind: "call",
      callDigest: digest,
      attempt: number,
      status: "PENDING",
      createdAt: now,
      deadline: now + groupConfig.expiresAfter * 1000,
      group,
      quorum: groupConfig.quorum,
      requester: call.caller.principal,
      requesterId: call.caller.principal.id,
      agent: null,
      baseUrl: call.baseUrl,
      session: call.session,
      call: call.id,
      server: call.server,
      method: call.message.method,
      target: call.shownTarget,
      description: null,
      toolDigest: "",
      arguments: shown,
      revealNeeded: false,
      revealedTo: [],
      scopes: { session: false, maxMinutes: null },
      access: null,
      breakGlass: null,
      risks: call.risks.map(({ risk, pointer, text }) => ({
        risk,
        pointer,
        match: mask(text).slice(0, LONGEST_MATCH),
      })),
      policies: call.decision.policies,
      digests: settings.digests,
      decisions: [],
    };
    if (await approvals.open(row, head)) return row;
    // Two transactions on one head cancel each other: meet again at different times.
    await house.sleep(50 + Math.random() * 150 * (attempt + 1));
  }
  throw new CountersignError("approval_conflict", "the approval kept changing; call again");
}

/** What an approval of this call is bound to. */
export function callDigestOf(call: Call, { settings }: House): string {
  const { principal } = call.caller;
  return callDigest({
    principal: principal.id,
    client: principal.client,
    server: call.server,
    method: call.message.method,
    target: call.target,
    arguments: call.arguments,
    policyDigest: settings.digests.policy,
    risksDigest: settings.digests.risks,
  });
}

async function shownArguments(call: Call, house: House): Promise<string> {
  const text = JSON.stringify(call.arguments ?? {});
  const shown = maskJson(text, house.masking(call.server), await house.keyedHash()).text;
  if (Buffer.byteLength(shown) > LONGEST_ARGUMENTS)
    throw new CountersignError(
      "bad_request",
      `the arguments are over ${LONGEST_ARGUMENTS} bytes, too much for an approver to judge`,
    );
  return shown;
}
