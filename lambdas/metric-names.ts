/** Namespace and names of the gateway's own metrics: the functions emit them, the alarms watch them. */
export const METRIC_NAMESPACE = "Countersign";

export const METRIC = {
  allowed: "CallsAllowed",
  denied: "CallsDenied",
  held: "CallsHeld",
  /** A record could not be written, so a call did not run or its result was withheld (AU-5). */
  notRecorded: "EvidenceFailures",
} as const;

export type MetricName = (typeof METRIC)[keyof typeof METRIC];
