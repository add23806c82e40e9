import type { IssuerConfig } from "../../../lib/config/schema.ts";
import { audienceOf } from "./audience.ts";
import type { Claims } from "./principal-of-claims.ts";
import { TokenRefused } from "./token-refused.ts";

/**
 * Checks the claims of a token whose signature and issuer are verified.
 *
 * @param accepted audiences that this issuer's tokens may have
 * @param resources what a resource of this gateway may be called, where an audience is told by the client
 * @param now seconds since the epoch
 * @returns expiry and audience
 * @throws TokenRefused which check failed
 */
export function checkClaims(
  claims: Claims,
  issuer: IssuerConfig,
  accepted: readonly string[],
  resources: readonly string[],
  now: number,
): { readonly expiresAt: number; readonly audience: string } {
  const refuse = (fault: ConstructorParameters<typeof TokenRefused>[0]): never => {
    throw new TokenRefused(fault, issuer.name);
  };
  const { exp, nbf, iat, sub } = claims;
  const tolerance = issuer.clockToleranceSeconds;
  if (claims.iss !== issuer.issuer) refuse("issuer");
  if (!isTime(exp) || (sub !== undefined && typeof sub !== "string") || !sub) return refuse("claims");
  if (exp + tolerance <= now) refuse("expired");
  for (const time of [nbf, iat]) {
    if (time !== undefined && !isTime(time)) refuse("claims");
    if (isTime(time) && time - tolerance > now) refuse("not-yet-valid");
  }
  // Without a time of issue, what is left of its life must fit.
  if (exp - (isTime(iat) ? iat : now) > issuer.maxLifetime) refuse("lifetime");
  // RFC 7800: a bound token (DPoP's `jkt`, mTLS's `x5t#S256`) is worth nothing without the proof, which is not checked here.
  if (claims.cnf !== undefined) refuse("bound");
  const audience = audienceOf(claims, issuer, accepted, resources) ?? refuse("audience");
  for (const [name, values] of Object.entries(issuer.require ?? {})) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (value === undefined || value === null) refuse("claims");
    if (values !== null && !(typeof value === "string" && values.includes(value))) refuse("claims");
  }
  return { expiresAt: exp, audience };
}

const isTime = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;
