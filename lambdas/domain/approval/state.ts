import type { ApproverGroupConfig } from "../../../lib/config/schema.ts";
import type { Approval, ApprovalStatus } from "./approval.ts";

/**
 * The status as it is now: the row is written by many hands, and some states end by time alone. A row past its time is
 * read as over, so nothing depends on the timer having fired.
 *
 * @param now milliseconds since the epoch
 */
export function statusAt(row: Pick<Approval, "kind" | "status" | "deadline" | "until">, now: number): ApprovalStatus {
  if (row.status === "PENDING" && now >= row.deadline) return "EXPIRED";
  if (isUsedOnce(row) && row.status === "APPROVED" && now >= (row.until ?? 0)) return "EXPIRED";
  // Whoever ran it never came back: it may have run, so it is never run again.
  if (row.status === "EXECUTING" && now >= (row.until ?? 0)) return "UNKNOWN";
  return row.status;
}

/** Only a call and a reveal have to be started; access that was given, and a review that was done, stay as they are. */
export const isUsedOnce = ({ kind }: Pick<Approval, "kind">): boolean => kind === "call" || kind === "reveal";

/**
 * Whether the same call asks anew instead of joining this attempt: only when the attempt is over and its standing
 * time has passed.
 *
 * @param collectForMs how long the outcome of a call that ran can be collected
 */
export function asksAnew(
  row: Approval,
  {
    now,
    groups,
    collectForMs,
  }: { readonly now: number; readonly groups: readonly ApproverGroupConfig[]; readonly collectForMs: number },
): boolean {
  switch (statusAt(row, now)) {
    case "PENDING":
    case "APPROVED":
    case "EXECUTING":
      return false;
    case "EXPIRED":
    case "WITHDRAWN":
      return true;
    case "DENIED":
      return now >= denialEnds(row, groups);
    case "COMPLETED":
      return now >= (row.completedAt ?? row.createdAt) + collectForMs;
    case "UNKNOWN":
      return now >= (row.until ?? row.createdAt) + collectForMs;
  }
}

/**
 * The denial that still stands for a call: one of the same principal, server and tool, about one of its risks. Other
 * arguments do not get around it.
 *
 * @param denied rows of that principal and tool that were denied
 * @param groups all of the configuration: whoever would be asked now, the word of those who were asked then stands
 */
export function standingDenial(
  denied: readonly Approval[],
  risks: readonly string[],
  groups: readonly ApproverGroupConfig[],
  now: number,
): { readonly id: string; readonly until: number } | undefined {
  for (const row of denied) {
    const until = denialEnds(row, groups);
    const same = row.risks.length === 0 ? risks.length === 0 : row.risks.some(({ risk }) => risks.includes(risk));
    if (same && now < until) return { id: row.id, until };
  }
  return undefined;
}

/** Milliseconds since the epoch. A group that is configured no more takes no denial back: then the longest time counts. */
function denialEnds(row: Approval, groups: readonly ApproverGroupConfig[]): number {
  const asked = groups.filter(({ name }) => name === row.group || name === row.escalatedTo);
  const times = (asked.length === 0 ? groups : asked).map(({ denialStandsFor }) => denialStandsFor);
  return (row.decidedAt ?? row.createdAt) + Math.max(0, ...times) * 1000;
}
