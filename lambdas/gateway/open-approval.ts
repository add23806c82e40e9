import { enterAskingRoom, leaveAskingRoom } from "../aws/asking-room.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { quorumFor } from "../domain/approval/decision.ts";
import { callDigest } from "../domain/approval/identity.ts";
import { asksAnew, standingDenial } from "../domain/approval/state.ts";
import { CountersignError } from "../domain/error.ts";
import type { Decision } from "../domain/policy/decide.ts";
import { TOOL_CHANGED } from "../domain/policy/tool-standing.ts";
import { METRIC } from "../metric-names.ts";
import { approvalRow } from "./approval-row.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { whyNotPresented } from "./presented.ts";
import { type ToolDefinition, toolDefinition } from "./tool-definition.ts";

/** Another caller may open or end an attempt between our read and our write; then we look again. */
const TRIES = 4;
/** Milliseconds between looks for what a call alike may be opening, and how often it is looked for before this one is refused. */
const JOIN_AFTER = 500;
const JOIN_LOOKS = 6;
/** Milliseconds in which a break-glass call should be looked at. */
const REVIEW_TIME = 7 * 86_400_000;

type Asking = Extract<Decision, { kind: "approve" }>;

/**
 * Finds the attempt that this call belongs to, or opens a new one.
 *
 * @throws CountersignError `bad_request` when the arguments are too large to be judged, `approval_conflict` when others
 *   kept changing the attempt, `approval_refused` when nobody may be asked now
 */
export async function openApproval(call: Call, decision: Asking, house: House): Promise<Approval> {
  const { settings, approvals } = house;
  const group = groupOf(decision, house);
  const tool = await toolDefinition(call, house);
  if (tool.changed && !call.risks.some(({ risk }) => risk === TOOL_CHANGED))
    throw new CountersignError("approval_refused", "the tool has just changed (tool_changed); call again");
  const digest = callDigestOf(call, tool, house);
  const why = await whyNotPresented(call, { digest, toolDigest: tool.digest }, house);
  if (why !== undefined)
    throw new CountersignError(
      "approval_refused",
      `the approval that you name is not for this call (${why}); call again without it to ask anew`,
    );

  const asking = {
    principal: call.caller.principal.id,
    kind: "call",
    call: call.id,
    most: settings.config.limits.openApprovals,
  } as const;
  let entered = false;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { head, standing } = await newest(digest, house);
    if (standing !== undefined) {
      if (entered) await leaveAskingRoom(house, asking);
      return standing;
    }
    const now = house.now();

    if (!entered) await mustBeAskable(call, decision, house);
    const row = await approvalRow(
      call,
      {
        kind: "call",
        decision,
        tool,
        digest,
        attempt: (head?.attempt ?? 0) + 1,
        quorum: group.quorum,
        deadline: now + group.expiresAfter * 1000,
      },
      house,
    );
    const open: number | undefined = entered ? undefined : await enterAskingRoom(house, asking, now);
    if (open !== undefined) return (await joined(digest, house)) ?? refuse(tooMany(open), house);
    entered = true;
    if (await approvals.open(row, head)) return row;
    // Two transactions on one head cancel each other: meet again at different times.
    await house.sleep(50 + Math.random() * 150 * (attempt + 1));
  }
  await leaveAskingRoom(house, asking);
  throw new CountersignError("approval_conflict", "the approval kept changing; call again");
}

/** The newest attempt of a call, and its row where the same call joins it. */
async function newest(digest: string, { approvals, now, settings }: House) {
  const { approverGroups: groups, limits } = settings.config;
  const head = await approvals.head(digest);
  const row = head && (await approvals.get(head.approvalId));
  const joins = row && !asksAnew(row, { now: now(), groups, collectForMs: limits.collectFor * 1000 });
  return { head, standing: joins ? row : undefined };
}

/** Where there is no room, many alike may be at it at this moment: all but one of them join that one, once it is there. */
async function joined(digest: string, house: House): Promise<Approval | undefined> {
  for (let look = 0; look < JOIN_LOOKS; look += 1) {
    await house.sleep(JOIN_AFTER);
    const { standing } = await newest(digest, house);
    if (standing !== undefined) return standing;
  }
  return undefined;
}

const tooMany = (open: number) => `you have ${open} approvals pending, which is as many as one caller may`;

function refuse(why: string, house: House): never {
  house.count(METRIC.approvalsRefused);
  throw new CountersignError("approval_refused", why);
}

/** Puts a break-glass call before the approvers, to be looked at afterwards. */
export async function openReview(call: Call, decision: Asking, house: House): Promise<void> {
  const tool = await toolDefinition(call, house);
  // One review for each call: no other call may fall under it.
  const digest = callDigestOf({ ...call, target: `${call.target} ${call.id}` }, tool, house);
  const row = await approvalRow(
    call,
    { kind: "review", decision, tool, digest, attempt: 1, quorum: 1, deadline: house.now() + REVIEW_TIME },
    house,
  );
  if (!(await house.approvals.open(row, undefined)))
    throw new CountersignError("approval_conflict", "the review of this call could not be opened");
}

/** What an approval of this call is bound to. */
export function callDigestOf(call: Call, tool: ToolDefinition, { settings }: House): string {
  const { principal } = call.caller;
  return callDigest({
    principal: principal.id,
    client: principal.client,
    server: call.server,
    method: call.message.method,
    target: call.target,
    arguments: call.arguments,
    toolDigest: tool.digest,
    policyDigest: settings.digests.policy,
    risksDigest: settings.digests.risks,
  });
}

function groupOf({ group }: Asking, { settings }: House) {
  const found = settings.config.approverGroups.find((entry) => entry.name === group);
  if (found === undefined)
    throw new CountersignError("policy_invalid", `the approver group ${group} is not configured`);
  return found;
}

/** Approvers are asked in measure: not again for what they denied, not more than so often, and not when nobody is there. */
async function mustBeAskable(call: Call, decision: Asking, house: House): Promise<void> {
  const { principal } = call.caller;
  const { id } = principal;
  const { approverGroups } = house.settings.config;
  const quorum = Math.max(groupOf(decision, house).quorum, quorumFor(principal));
  if (principal.kind === "user" && principal.person === null)
    refuse(
      "your token names no verified person, so nobody could be told apart from you who approves; tell your administrator",
      house,
    );
  const confirmed = await house.approversOf(decision.group);
  if (confirmed !== undefined && confirmed < quorum)
    refuse(
      `the group "${decision.group}" has ${confirmed} confirmed addresses and needs ${quorum} to approve; tell your administrator`,
      house,
    );

  const risks = [...new Set(call.risks.map(({ risk }) => risk))];
  const denial = standingDenial(
    await house.approvals.deniedLike(id, call.server, call.shownTarget),
    risks,
    approverGroups,
    house.now(),
  );
  if (denial !== undefined)
    refuse(
      `approval ${denial.id} of the same tool and risk was denied; the denial stands until ${new Date(denial.until).toISOString()}`,
      house,
    );
}
