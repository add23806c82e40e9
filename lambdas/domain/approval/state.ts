import type { ApproverGroupConfig } from "../../../lib/config/schema.ts";
import type { Approval, ApprovalStatus } from "./approval.ts";

/**
 * The status as it is now: the row is written by many hands, and some states end by time alone. A row past its time is
 * read as over, so nothing depends on the timer having fired.
 *
 * @param now milliseconds since the epoch
 */
export function statusAt(row: Pick<Approval, "status" | "deadline" | "until">, now: number): ApprovalStatus {
  if (row.status === "PENDING" && now >= row.deadline) return "EXPIRED";
  if (row.status === "APPROVED" && now >= (row.until ?? 0)) return "EXPIRED";
  // Whoever ran it never came back: it may have run, so it is never run again.
  if (row.status === "EXECUTING" && now >= (row.until ?? 0)) return "UNKNOWN";
  return row.status;
}

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
    group,
    collectForMs,
  }: { readonly now: number; readonly group: ApproverGroupConfig; readonly collectForMs: number },
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
      return now >= (row.decidedAt ?? row.createdAt) + group.denialStandsFor * 1000;
    case "COMPLETED":
      return now >= (row.completedAt ?? row.createdAt) + collectForMs;
    case "UNKNOWN":
      return now >= (row.until ?? row.createdAt) + collectForMs;
  }
}
