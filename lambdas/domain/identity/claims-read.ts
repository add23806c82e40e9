import type { IssuerConfig } from "../../../lib/config/schema.ts";
import type { ClaimName } from "./claim-of.ts";
import { CLIENT } from "./principal-of-claims.ts";

/** Read of every token, whatever its issuer. */
const ALWAYS = ["sub", ...CLIENT, "scope", "scp", "jti", "iat", "auth_time", "acr", "amr", "act"];

/**
 * The claims that make a principal of an issuer's token: those that the issuer's mapping names, and those that are read of every token.
 * With them come the ones that the issuer requires, which a token has beside. Of a claim within a claim, the outer one.
 */
export function claimsRead({ claims, require = {} }: IssuerConfig): string[] {
  const { id = [], groups, name, person, session, initiator, policy = [] } = claims;
  const mapped = [...id, groups, name, person, session, initiator].flatMap(outer);
  // An e-mail address counts only where it is verified.
  const verified = person === "email" ? ["email_verified"] : [];
  return [...new Set([...ALWAYS, ...mapped, ...verified, ...policy, ...Object.keys(require)])];
}

const outer = (name: ClaimName | null): string[] => [name ?? []].flat().slice(0, 1);
