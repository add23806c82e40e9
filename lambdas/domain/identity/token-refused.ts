/** Why a token let nobody in. Each is a fixed word: records and logs hold it, and nothing that stood in the token. */
export type TokenFault =
  | "absent"
  | "oversize"
  | "malformed"
  | "duplicate-member"
  | "header"
  | "type"
  | "algorithm"
  | "issuer"
  | "key"
  | "signature"
  | "claims"
  | "audience"
  | "expired"
  | "not-yet-valid"
  | "lifetime"
  | "bound";

/** A token that is not accepted: whoever sent it is to sign in again, unless `why` is set. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
  readonly fault: TokenFault;
  /** Configured name of the issuer that the token claims, verified or not; null when it claims none of them. */
  readonly issuer: string | null;
  /** For the sender, where signing in again would bring the like: what is to be changed, without a word of the token. */
  readonly why: string | undefined;

  constructor(
    fault: TokenFault,
    issuer: string | null = null,
    { why, ...options }: ErrorOptions & { readonly why?: string } = {},
  ) {
    super(fault, options);
    this.why = why;
    this.fault = fault;
    this.issuer = issuer;
  }
}
