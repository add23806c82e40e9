import type { Principal } from "../identity/principal.ts";
import type { Finding } from "../masking/index.ts";

/** Every kind of line the ledger can hold. */
export type RecordType =
  | "writer.opened"
  | "writer.closed"
  | "call.received"
  | "call.completed"
  | "call.denied"
  | "call.unresolved"
  | "message.relayed"
  | "access.refused"
  | "approval.requested"
  | "approval.decided"
  | "approval.escalated"
  | "approval.expired"
  | "approval.withdrawn"
  | "approval.consumed"
  | "approval.revealed"
  | "grant.created"
  | "grant.ended"
  | "principal.blocked"
  | "principal.unblocked"
  | "tool.pinned"
  | "tool.changed"
  | "hold.put"
  | "hold.lift-asked"
  | "hold.lifted"
  | "ledger.tampered"
  | "query.run"
  | "role.unexplained"
  | "seal.opened"
  | "seal.unexplained"
  | "transcript.read"
  | "transcript.revealed"
  | "transcript.quarantined";

/** Who: the verified identity, whole (AU-3 f, IA-2). */
export type RecordPrincipal = Omit<Principal, "signIn">;

/** Where from (AU-3 d). */
export interface RecordSource {
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** What was decided and by which rules (AC-3). */
export interface RecordDecision {
  readonly kind: "allow" | "deny" | "approve";
  readonly policies: readonly string[];
  readonly reason: string | null;
}

/** An approval as a record tells it. */
export interface RecordApproval {
  readonly id: string;
  readonly attempt: number;
  readonly group: string;
  readonly verdict: string | null;
  readonly by: string | null;
  /** The verified claim by which the one who decided is told apart; `by` is a name for people. */
  readonly person: string | null;
  /** The verified identity of who decided or withdrew, whole; the record's own principal is the requester. */
  readonly who?: RecordPrincipal;
  readonly reason: string | null;
  /** JSON text of how far a yes reaches; null for anything else. */
  readonly scope?: string | null;
  /** SHA-256 of what the approver's page rendered. */
  readonly rendered: string | null;
  /** Milliseconds between the request and this. */
  readonly waitedMs: number | null;
}

/** The grant that a call runs under, or that a record is about. */
export interface RecordGrant {
  readonly id: string;
  readonly approval: string;
  readonly expiresAt: string;
  /** JSON text of what it reaches: tools, constraint, arguments, session; said once, when it is created. */
  readonly reach?: string;
}

/** A body as the masked vault holds it: the masked text, or the key of the object that holds it. */
export interface RecordBody {
  readonly text: string | null;
  /** Key in both vaults when the body is too large for a record. */
  readonly key: string | null;
  /** SHA-256 (hex) of the original bytes, and their number. */
  readonly originalHash: string;
  readonly originalBytes: number;
  /** All of them; of a body that is kept as an object, the first. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** SHA-256 (hex) of the sealed original that lies beside the record; null when masking changed nothing. */
  readonly sealedHash: string | null;
}

/** The key that an environment made for itself, and the signing key's word for it. */
export interface RecordSigner {
  /** Ed25519, SPKI, base64. */
  readonly publicKey: string;
  /** RFC 3339 UTC: when it was made. */
  readonly openedAt: string;
  /** ARN of the signing key. */
  readonly key: string;
  /** Its ECDSA signature (P-256, SHA-256, DER, base64) over `attestationText`. */
  readonly attestation: string;
}

/** Ties a record whose masking missed a secret to the order that hides it. */
export interface RecordQuarantine {
  /** In the order: the record that is hidden. In its newly masked copy: the order. */
  readonly record: string;
  /** Leaf hash of the original line, which its writer signed and a digest vouches for. */
  readonly hash: string;
  /** In the order: leaf hash of the newly masked copy. Null in the copy. */
  readonly copy: string | null;
}

/** What a caller of the writer states; the writer adds the rest. */
export interface RecordEntry {
  readonly type: RecordType;
  /** RFC 3339 UTC, milliseconds: when it happened (AU-3 b, AU-8). */
  readonly occurredAt: string;
  readonly session: string;
  readonly call?: string;
  readonly server?: string;
  readonly method?: string;
  /** Where a message of the server was refused in the midst of a call: then the method is the message's. */
  readonly sender?: "server";
  readonly target?: string;
  readonly outcome: string;
  readonly reason?: string;
  /** `Mcp-Param-*` headers, which servers may route on: names in lower case, values decoded and masked. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly principal?: RecordPrincipal;
  readonly source?: RecordSource;
  readonly decision?: RecordDecision;
  readonly risks?: readonly string[];
  readonly approval?: RecordApproval;
  readonly grant?: RecordGrant;
  /** The reason that a principal gave for running a call without the approval that it needs. */
  readonly breakGlass?: string;
  readonly digests?: { readonly policy: string; readonly risks: string; readonly masking: string };
  readonly request?: RecordBody;
  readonly response?: RecordBody;
  readonly durationMs?: number;
  /** Hash of the `call.received` that this record completes. */
  readonly received?: string;
  /** Id of the record that a reveal opens. */
  readonly revealed?: string;
  /** In an order to quarantine, and in the copy that it put in the place of a record. */
  readonly quarantined?: RecordQuarantine;
  /** Whose signatures a lane bears: said when it opens. */
  readonly signer?: RecordSigner;
  /** The lane that `writer.closed` ends, and the number whose fate is not known: nothing follows it. */
  readonly closed?: { readonly id: string; readonly seq: number };
}

/** One line of the ledger: canonical JSON of this is what is hashed, chained and archived. */
export interface LedgerRecord extends RecordEntry {
  readonly v: 1;
  /** ULID; unique, and sorts by time. */
  readonly id: string;
  readonly recordedAt: string;
  /** The part of the gateway that wrote it (AU-3 c). */
  readonly component: string;
  readonly writer: { readonly id: string; readonly seq: number; readonly previous: string };
}

/** Sealed originals that belong to a record: JWE texts, by the body they restore. */
export type Sealed = { readonly request?: string; readonly response?: string };
