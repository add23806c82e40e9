import type { TokenFault } from "./token-refused.ts";

/** `unusable`: a genuine token that names nobody here. The others but `oversize`: whoever sent it is to sign in again. */
export type RefusalFault = TokenFault | "unusable";

/** What is told of a refused token: who sent it, what it was by size and hash, and nothing that stood in it. */
export interface Refusal {
  readonly fault: RefusalFault;
  /** For operators; set where signing in again changes nothing, and never the token's own words. */
  readonly why?: string;
  /** Configured name of the issuer that it claims. */
  readonly issuer: string | null;
  readonly bytes: number;
  /** SHA-256 (hex) of the token. */
  readonly sha256: string;
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly method: string;
  readonly path: string;
}

/** The line of the authorizer's log that tells of one; what records refusals looks for it. */
export const REFUSED_MESSAGE = "a token was refused";
