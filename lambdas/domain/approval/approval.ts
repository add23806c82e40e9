import type { Principal } from "../identity/principal.ts";

export type ApprovalStatus =
  | "PENDING"
  | "APPROVED"
  | "DENIED"
  | "EXPIRED"
  | "WITHDRAWN"
  | "EXECUTING"
  | "COMPLETED"
  | "UNKNOWN";

/** One person's word on an approval. */
export interface ApprovalDecision {
  readonly verdict: "approve" | "deny";
  /** The approver as people are compared across issuers. */
  readonly person: string;
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** SHA-256 (hex) of what the approver's page rendered. */
  readonly rendered: string;
}

/** The matched text of a risk, as the approver sees it. */
export interface ShownRisk {
  readonly risk: string;
  readonly pointer: string;
  readonly match: string;
}

/** The row of an approval: the truth about it. Times are milliseconds since the epoch. */
export interface Approval {
  readonly id: string;
  readonly callDigest: string;
  readonly attempt: number;
  readonly status: ApprovalStatus;
  readonly createdAt: number;
  /** When it expires if nobody has decided. */
  readonly deadline: number;
  readonly group: string;
  readonly escalatedTo?: string;
  readonly quorum: number;
  readonly requester: Principal;
  /** Where the requester reached the gateway; the mail's link begins with it. */
  readonly baseUrl: string;
  readonly session: string;
  readonly call: string;
  readonly server: string;
  readonly method: string;
  readonly target: string;
  /** Masked JSON text of the arguments. */
  readonly arguments: string;
  readonly risks: readonly ShownRisk[];
  readonly policies: readonly string[];
  readonly digests: { readonly policy: string; readonly risks: string; readonly masking: string };
  readonly decisions: readonly ApprovalDecision[];
  readonly decidedAt?: number;
  /** An approved call must start by then, an executing one must have ended by then. */
  readonly until?: number;
  /** The call that runs, or ran, under this approval. */
  readonly executedBy?: string;
  readonly executedAt?: number;
  readonly completedAt?: number;
  /** JSON text of the masked result (or error) that the executing call got. */
  readonly outcome?: StoredOutcome;
  /** Wakes the waiting state machine; never leaves the table. */
  readonly taskToken?: string;
}

/** What identical calls collect afterwards. */
export type StoredOutcome =
  | { readonly kind: "result" | "error"; readonly text: string }
  /** Too large to keep in the row: the call ran, its result went to its own caller only. */
  | { readonly kind: "too-large" };
