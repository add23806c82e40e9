import type { IssuerConfig } from "../../../lib/config/schema.ts";
import type { Claims } from "./principal-of-claims.ts";
import { TokenRefused } from "./token-refused.ts";

/** Types of an access token where the issuer's own is not configured; `application/` may be left out (RFC 7515 4.1.9). */
const USUAL_TYPES = ["jwt", "at+jwt"];

/**
 * Checks what a header says against what the issuer is configured to write. The algorithm is never the token's choice.
 *
 * @throws TokenRefused `algorithm`, `type` or `key`
 */
export function checkHeader(header: Claims, issuer: IssuerConfig): void {
  if (!issuer.algorithms.some((algorithm) => algorithm === header.alg))
    throw new TokenRefused("algorithm", issuer.name);
  if (!typeFits(header.typ, issuer.type)) throw new TokenRefused("type", issuer.name);
  // Without a key's id any key of the set would have to be tried.
  if (typeof header.kid !== "string" || header.kid === "") throw new TokenRefused("key", issuer.name);
}

function typeFits(type: unknown, wanted: string | null): boolean {
  if (type === undefined) return wanted === null;
  if (typeof type !== "string") return false;
  const short = type.toLowerCase().replace(/^application\//, "");
  return wanted === null ? USUAL_TYPES.includes(short) : short === wanted.toLowerCase();
}
