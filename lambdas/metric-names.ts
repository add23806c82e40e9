/** Namespace and names of the gateway's own metrics: the functions emit them, the alarms watch them. */
export const METRIC_NAMESPACE = "Countersign";

/** What the dimension `service` holds where one alarm watches every function, those to come too. */
export const EVERY_SERVICE = "every";

export const METRIC = {
  allowed: "CallsAllowed",
  denied: "CallsDenied",
  /** Of those denied: the principal reached a usage limit. */
  overused: "CallsOverLimit",
  /** Milliseconds until a server began to answer a call; the dimension `service` holds the server's name. */
  serverTime: "ServerTime",
  /** Approvals that nobody has decided yet. */
  approvalsWaiting: "ApprovalsWaiting",
  /** Seconds that the oldest of them waits. */
  approvalAge: "ApprovalAge",
  /** An approval's time ended without a decision. */
  approvalsUnanswered: "ApprovalsUnanswered",
  /** Seconds since the end of the last hour that has a digest. */
  digestAge: "DigestAge",
  held: "CallsHeld",
  /** Of those that need approval: as many calls as the function may hold were held, so it was answered at once. */
  notHeld: "CallsNotHeld",
  granted: "CallsUnderGrant",
  approvedByPolicy: "CallsApprovedByPolicy",
  breakGlassUsed: "BreakGlassUsed",
  approvalsRefused: "ApprovalsRefused",
  /** A tool's definition differs from the pinned one. */
  toolsChanged: "ToolsChanged",
  /** The sweeper started the flow of an approval that nobody had started. */
  flowsMended: "ApprovalFlowsMended",
  /** The sweeper expired an approval that no flow had expired. */
  expiriesMended: "ApprovalExpiriesMended",
  /** A group has fewer confirmed addresses than its quorum. */
  approversMissing: "ApproversMissing",
  /** A record could not be written, so a call did not run or its result was withheld (AU-5); of every function together. */
  notRecorded: "EvidenceFailures",
  /** A request was not answered as it should be, by a failure of our own; of every function together. */
  failed: "RequestsFailed",
  /** An item of the ledger was changed, or removed by somebody (AU-9 b). */
  ledgerTampered: "LedgerTampered",
  /** The forensic key was used, and no record explains it (AU-9 b). */
  sealsUnexplained: "SealsUnexplained",
  /** A role was made under the gateway's path or opened to others, or one that is none of the gateway's signed (AU-9 b). */
  rolesUnexplained: "RolesUnexplained",
  /** API Gateway served more requests in an hour than left a record. */
  requestsUnrecorded: "RequestsUnrecorded",
  /** Writers numbered more records in an hour than the archive holds. */
  recordsUnarchived: "RecordsUnarchived",
  /** A call has no outcome long after it was received. */
  callsUnresolved: "CallsUnresolved",
  /** An issuer's key set could not be fetched. */
  issuerUnavailable: "IssuerUnavailable",
  /** The authorizer failed over a token other than by refusing it. */
  authorizerFailed: "AuthorizerFailed",
  /** A 401 or 403, whoever gave it: counted from the logs (`lambdas/refusals`). */
  accessRefused: "AccessRefused",
  /** The digester sealed an hour. */
  digestsWritten: "DigestsWritten",
  /** The vaults do not hold what a digest says (AU-9 b). */
  evidenceAltered: "EvidenceAltered",
} as const;

export type MetricName = (typeof METRIC)[keyof typeof METRIC];
