import type { ApproverGroupConfig } from "../../../lib/config/schema.ts";
import type { ErrorCode } from "../error.ts";
import type { Principal } from "../identity/principal.ts";
import type { PolicyEngine } from "../policy/engine.ts";
import { question } from "../policy/question.ts";
import type { Approval, ApprovalDecision, ApprovalStatus } from "./approval.ts";
import { isUsedOnce, statusAt } from "./state.ts";

/** Why somebody may not do what they ask for. */
export interface WhyNot {
  readonly code: Extract<ErrorCode, "approval_decided" | "approval_expired" | "forbidden" | "reveal_needed">;
  readonly message: string;
}

/** What a decision is judged by. */
export interface Judgement {
  readonly engine: PolicyEngine;
  /** All approver groups of the configuration. */
  readonly groups: readonly ApproverGroupConfig[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Why a person may not decide; null when they may. Policy can only narrow this: what is said here holds for everyone. */
export function whyNotDecide(approver: Principal, row: Approval, { engine, groups, now }: Judgement): WhyNot | null {
  const status = statusAt(row, now);
  if (status === "EXPIRED") return { code: "approval_expired", message: "this approval is EXPIRED: its time is over" };
  if (status !== "PENDING") return { code: "approval_decided", message: `this approval is ${status} already` };
  const message = whoMayNot(approver, row) ?? withoutFactor(approver, row, groups);
  if (message !== null) return { code: "forbidden", message };
  return mayApprove(approver, row, engine)
    ? null
    : { code: "forbidden", message: "no policy permits you to decide on this" };
}

/** Why a person may not approve what they may decide on: a mask lies over what they would have to judge. */
export const whyNotApprove = (approver: Principal, row: Approval): WhyNot | null =>
  row.revealNeeded && (approver.person === null || !row.revealedTo.includes(approver.person))
    ? {
        code: "reveal_needed",
        message: "a mask lies over text that matched a risk: open the arguments first, which is recorded, or deny",
      }
    : null;

/** What is said to who would decide on what they asked for themselves. */
const OWN: Readonly<Record<Approval["kind"], string>> = {
  call: "you cannot decide on a call of your own",
  access: "you cannot decide on a call of your own",
  review: "you broke the glass yourself: somebody else must look at it",
  reveal: "you want to see it yourself: somebody else must agree",
};

function whoMayNot(approver: Principal, row: Approval): string | null {
  const { requester } = row;
  if (approver.kind !== "user") return "a workload cannot approve";
  // Without a verified claim that names the person, the same person at another issuer could not be told apart.
  if (approver.person === null) return "your token carries no verified person claim";
  if (requester.kind === "user" && requester.person === null)
    return "the requester's token names no verified person, so nobody can be told apart from them";
  const same = approver.id === requester.id || approver.person === requester.person;
  const sameSubject = approver.issuer === requester.issuer && approver.subject === requester.subject;
  if (same || sameSubject) return OWN[row.kind];
  if (requester.initiator !== null && sameName(requester.initiator, approver))
    return "you started the workload that asks";
  if (row.decisions.some((decision) => decision.person === approver.person)) return "you have decided already";
  return null;
}

/** Every group that was asked may demand a factor; who has signed in without it decides for none of them. */
function withoutFactor(approver: Principal, row: Approval, groups: readonly ApproverGroupConfig[]): string | null {
  for (const { name, secondFactor } of groupsAsked(row, groups)) {
    if (secondFactor === null) continue;
    const has = secondFactor.some((factor) => approver.amr.includes(factor) || approver.acr === factor);
    if (!has) return `the group "${name}" decides with a second factor: sign in with ${secondFactor.join(" or ")}`;
  }
  return null;
}

/** Whether who decides must say why: where one of the groups asked wants it. */
export const reasonRequired = (row: Approval, groups: readonly ApproverGroupConfig[]): boolean =>
  groupsAsked(row, groups).some((group) => group.reasonRequired);

const groupsAsked = ({ group, escalatedTo }: Approval, groups: readonly ApproverGroupConfig[]) =>
  groups.filter(({ name }) => name === group || name === escalatedTo);

/** Whether policy lets a person decide on calls like this one, whatever its state. */
export function mayApprove(approver: Principal, row: Approval, engine: PolicyEngine): boolean {
  return mayApproveLike(
    approver,
    {
      id: row.id,
      groups: row.escalatedTo === undefined ? [row.group] : [row.group, row.escalatedTo],
      server: row.server,
      tools: row.access?.tools ?? [row.target],
      requester: row.requester.id,
      risks: row.risks.map((risk) => risk.risk),
      about: row.kind,
    },
    engine,
  );
}

/** What an approver is asked to consent to, as policy sees it. */
export interface ConsentSubject {
  readonly id: string;
  readonly groups: readonly string[];
  readonly server: string;
  /** Policy must permit each of them. */
  readonly tools: readonly string[];
  readonly requester: string;
  readonly risks: readonly string[];
  readonly about: Approval["kind"];
}

export function mayApproveLike(
  approver: Principal,
  { tools, ...subject }: ConsentSubject,
  engine: PolicyEngine,
): boolean {
  if (approver.kind !== "user") return false;
  return tools.every((tool) => {
    const answer = engine.ask(question(approver, "approve", { kind: "approval", ...subject, tool }));
    return answer.allowed && answer.errors.length === 0;
  });
}

/** Whether a person may see an approval: their own, or one that they may decide on. */
export const maySee = (person: Principal, row: Approval, engine: PolicyEngine): boolean =>
  person.id === row.requester.id || mayApprove(person, row, engine);

/** Whether a person may take an approval back: their own, or one that they might have decided on, while nothing came of it. */
export function mayWithdraw(person: Principal, row: Approval, engine: PolicyEngine, now: number): boolean {
  return isWithdrawable(row, now) && maySee(person, row, engine);
}

/** A review cannot be taken back: who broke the glass would spare themselves the questions. */
export function isWithdrawable(row: Approval, now: number): boolean {
  const status = statusAt(row, now);
  return row.kind !== "review" && (status === "PENDING" || (status === "APPROVED" && isUsedOnce(row)));
}

/** People who must agree: as many as the group wants that policy asks, whoever is asked as well when time has passed. */
export const quorumOf = ({ quorum, requester }: Pick<Approval, "quorum" | "requester">): number =>
  Math.max(quorum, quorumFor(requester));

/**
 * People who must agree to what this requester asks for, whoever is asked. A workload that nobody is known to have started might have
 * been started by any approver.
 */
export const quorumFor = ({ kind, initiator }: Principal): number =>
  kind === "workload" && initiator === null ? 2 : 1;

/** What the row becomes when this decision is added: the last approval of the quorum approves, any denial denies. */
export function statusAfter(
  row: Approval,
  decision: ApprovalDecision,
): Extract<ApprovalStatus, "PENDING" | "APPROVED" | "DENIED"> {
  if (decision.verdict === "deny") return "DENIED";
  const people = new Set([...row.decisions, decision].filter((d) => d.verdict === "approve").map((d) => d.person));
  return people.size >= quorumOf(row) ? "APPROVED" : "PENDING";
}

const sameName = (initiator: string, approver: Principal) =>
  [approver.subject, approver.person, approver.name].some(
    (name) => name?.trim().toLowerCase() === initiator.trim().toLowerCase(),
  );
