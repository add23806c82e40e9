/** What can go wrong, by code. One table (`mcp/refusal.ts`) says what the caller sees of each. */
export type ErrorCode =
  | "approval_conflict"
  | "approval_decided"
  | "approval_expired"
  | "approval_pending"
  | "approval_refused"
  | "forbidden"
  | "approval_not_found"
  | "bad_request"
  | "evidence_unavailable"
  | "grant_ended"
  | "masking_failed"
  | "not_found"
  | "policy_invalid"
  | "rendered_changed"
  | "reveal_needed"
  | "reveal_unavailable"
  | "seal_invalid"
  | "stale_sign_in"
  | "token_invalid"
  | "too_many"
  | "unauthorized_audience"
  | "upstream_failed";

/** The one error of this product: a code to switch on, a message fit for an operator, and its cause. */
export class CountersignError extends Error {
  override readonly name = "CountersignError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
