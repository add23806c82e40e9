/** Namespace and names of the gateway's own metrics: the functions emit them, the alarms watch them. */
export const METRIC_NAMESPACE = "Countersign";

export const METRIC = {
  allowed: "CallsAllowed",
  denied: "CallsDenied",
  held: "CallsHeld",
  granted: "CallsUnderGrant",
  approvedByPolicy: "CallsApprovedByPolicy",
  breakGlassUsed: "BreakGlassUsed",
  approvalsRefused: "ApprovalsRefused",
  /** The sweeper started the flow of an approval that nobody had started. */
  flowsMended: "ApprovalFlowsMended",
  /** The sweeper expired an approval that no flow had expired. */
  expiriesMended: "ApprovalExpiriesMended",
  /** A group has fewer confirmed addresses than its quorum. */
  approversMissing: "ApproversMissing",
  /** A record could not be written, so a call did not run or its result was withheld (AU-5). */
  notRecorded: "EvidenceFailures",
} as const;

export type MetricName = (typeof METRIC)[keyof typeof METRIC];
