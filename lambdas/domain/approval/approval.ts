import type { RecordPrincipal, RecordSource } from "../evidence/record.ts";
import type { Principal } from "../identity/principal.ts";
import type { Constraint } from "./grant.ts";

export type ApprovalStatus =
  | "PENDING"
  | "APPROVED"
  | "DENIED"
  | "EXPIRED"
  | "WITHDRAWN"
  | "EXECUTING"
  | "COMPLETED"
  | "UNKNOWN";

/** How far an approver's yes reaches: this call, its session, or some minutes for the same tool. */
export type ApprovalScope =
  | { readonly kind: "call" }
  | { readonly kind: "session" }
  | {
      readonly kind: "minutes";
      readonly minutes: number;
      readonly arguments: "same" | "any";
      readonly constraint: readonly Constraint[];
      /** Calls after which the grant is used up; without it, as many as its time allows. */
      readonly uses?: number;
    };

/** Who spoke, as their token was verified, and from where. Rows of before this was kept do not say. */
export interface Speaker {
  readonly who?: RecordPrincipal;
  readonly source?: RecordSource;
}

/** One person's word on an approval. */
export interface ApprovalDecision extends Speaker {
  readonly verdict: "approve" | "deny";
  readonly scope: ApprovalScope;
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
  /** Whether more matched at this pointer, or below it, than the match shows: then all of it must be read. */
  readonly cut?: boolean;
}

/** The row of an approval: the truth about it. Times are milliseconds since the epoch. */
export interface Approval {
  readonly id: string;
  /**
   * A call that waits, access asked for ahead, a break-glass call that ran and must be looked at afterwards, or originals that
   * somebody wants opened.
   */
  readonly kind: "call" | "access" | "review" | "reveal";
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
  /** `requester.id`, for the index. */
  readonly requesterId: string;
  /** What the requesting program calls itself; its own word. */
  readonly agent: { readonly name: string; readonly version: string } | null;
  /** Where the requester reached the gateway; the mail's link begins with it. */
  readonly baseUrl: string;
  readonly session: string;
  /** Its client has ended the session while the approval was pending: there is nothing left that a yes could reach in it. */
  readonly sessionEnded?: true;
  readonly call: string;
  readonly server: string;
  readonly method: string;
  readonly target: string;
  /** What the server says of the tool, masked; null where it was not to be had. */
  readonly description: string | null;
  /** Hash of the tool's definition as the server gave it; empty where it was not to be had. */
  readonly toolDigest: string;
  /** JSON text of the arguments with credentials masked. */
  readonly arguments: string;
  /** `argumentsDigest` of the arguments as they will be sent; without it no grant for the same arguments can be made. */
  readonly argumentsDigest?: string;
  /** The arguments as they came, sealed like the originals of records (a JWE that names `call`); only where a reveal is needed. */
  readonly sealedArguments?: string;
  /** A mask lies over text that matched a risk: who approves must have opened it first. */
  readonly revealNeeded: boolean;
  /** People who opened the masked arguments. */
  readonly revealedTo: readonly string[];
  /** What a yes may reach beyond the call, as the policy that asks for approval allows. */
  readonly scopes: { readonly session: boolean; readonly maxMinutes: number | null };
  /** What is asked for ahead; null for a call. */
  readonly access: {
    readonly tools: readonly string[];
    readonly minutes: number;
    readonly constraint: readonly Constraint[];
    readonly reason: string;
  } | null;
  /** The reason that a break-glass caller gave; null for anything else. */
  readonly breakGlass: string | null;
  readonly risks: readonly ShownRisk[];
  readonly policies: readonly string[];
  readonly digests: { readonly policy: string; readonly risks: string; readonly masking: string };
  readonly decisions: readonly ApprovalDecision[];
  readonly decidedAt?: number;
  /** Who took the request, or the unused approval, back, and why. */
  readonly withdrawn?: Speaker & { readonly by: string; readonly reason: string; readonly at: number };
  /** An approved call must start by then, an executing one must have ended by then. */
  readonly until?: number;
  /** The call that runs, or ran, under this approval. */
  readonly executedBy?: string;
  readonly executedAt?: number;
  /** Rounds of the executing call that wait for the client's answers; negative once the client has come back. */
  readonly rounds?: number;
  /** Where the next page of an executing reveal begins. */
  readonly next?: string;
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
