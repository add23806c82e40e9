import type { Principal } from "../identity/principal.ts";
import type { PolicyEngine } from "../policy/engine.ts";
import { question } from "../policy/question.ts";
import type { Approval, ApprovalDecision, ApprovalStatus } from "./approval.ts";
import { statusAt } from "./state.ts";

/** Why a person may not decide; null when they may. */
export function whyNotDecide(approver: Principal, row: Approval, engine: PolicyEngine, now: number): string | null {
  const status = statusAt(row, now);
  if (status !== "PENDING") return `this approval is ${status}`;
  if (approver.kind !== "user") return "a workload cannot approve";
  // Without a verified claim that names the person, the same person at another issuer could not be told apart.
  if (approver.person === null) return "your token carries no verified person claim";
  if (row.requester.kind === "user" && row.requester.person === null)
    return "the requester's token names no verified person, so nobody can be told apart from them";
  if (approver.id === row.requester.id || approver.person === row.requester.person)
    return "you cannot decide on a call of your own";
  if (row.requester.initiator !== null && sameName(row.requester.initiator, approver))
    return "you started the workload that asks";
  if (row.decisions.some((decision) => decision.person === approver.person)) return "you have decided already";
  return mayApprove(approver, row, engine) ? null : "no policy permits you to decide on this";
}

/** Whether policy lets a person decide on calls like this one, whatever its state. */
export function mayApprove(approver: Principal, row: Approval, engine: PolicyEngine): boolean {
  if (approver.kind !== "user") return false;
  const answer = engine.ask(
    question(approver, "approve", {
      kind: "approval",
      id: row.id,
      groups: row.escalatedTo === undefined ? [row.group] : [row.group, row.escalatedTo],
      server: row.server,
      tool: row.target,
      requester: row.requester.id,
      risks: row.risks.map((risk) => risk.risk),
      about: row.kind,
    }),
  );
  return answer.allowed && answer.errors.length === 0;
}

/** Whether a person may see an approval: their own, or one that they may decide on. */
export const maySee = (person: Principal, row: Approval, engine: PolicyEngine): boolean =>
  person.id === row.requester.id || mayApprove(person, row, engine);

/** What the row becomes when this decision is added: the last approval of the quorum approves, any denial denies. */
export function statusAfter(
  row: Approval,
  decision: ApprovalDecision,
): Extract<ApprovalStatus, "PENDING" | "APPROVED" | "DENIED"> {
  if (decision.verdict === "deny") return "DENIED";
  const people = new Set([...row.decisions, decision].filter((d) => d.verdict === "approve").map((d) => d.person));
  return people.size >= row.quorum ? "APPROVED" : "PENDING";
}

const sameName = (initiator: string, approver: Principal) =>
  [approver.subject, approver.person, approver.name].some((name) => name?.toLowerCase() === initiator.toLowerCase());
