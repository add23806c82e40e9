import type { IssuerConfig } from "../../../lib/config/schema.ts";
import type { Claims } from "./principal-of-claims.ts";

/**
 * The accepted audience that a token is meant for. Cognito's access tokens have no `aud`: they name their client.
 *
 * @param accepted audiences that this issuer's tokens may have
 */
export function audienceOf(claims: Claims, issuer: IssuerConfig, accepted: readonly string[]): string | undefined {
  const stated = claims[issuer.audienceClaim ?? "aud"];
  const audiences: readonly unknown[] = Array.isArray(stated) ? stated : [stated];
  return accepted.find((audience) => audiences.includes(audience));
}
