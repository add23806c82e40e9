import { pendingApprovals } from "../aws/pending-approvals.ts";
import { METRIC } from "../metric-names.ts";
import type { House } from "./house.ts";

/** Tells operators how many approvals wait, and how long the oldest has. */
export function gaugeApprovals({ environment, gauge, now }: House): () => Promise<void> {
  const approvals = pendingApprovals(environment);
  return async () => {
    const { number, oldest } = await approvals.waiting();
    gauge(METRIC.approvalsWaiting, number, "Count");
    gauge(METRIC.approvalAge, oldest === null ? 0 : Math.max(0, Math.round((now() - oldest) / 1000)), "Seconds");
  };
}
