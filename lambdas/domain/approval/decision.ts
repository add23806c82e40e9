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
  if (approver.id === row.requester.id || approver.person === row.requester.person)
    return "you cannot decide on a call of your own";
  if (row.requester.initiator !== null && sameName(row.requester.initiator, approver))
    return "you started the workload that asks";
  if (row.decisions.some((decision) => decision.person === approver.person)) return "you have decided already";
  const { group, server, requester, risks } = row;
  const subject = {
    kind: "approval",
    id: row.id,
    group,
    server,
    requester: requester.id,
    risks: risks.map((r) => r.risk),
  } as const;
  const answer = engine.ask(question(approver, "approve", subject));
  return answer.allowed && answer.errors.length === 0 ? null : "no policy permits you to decide on this";
}

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
