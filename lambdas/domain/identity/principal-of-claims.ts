import type { IssuerConfig } from "../../../lib/config/schema.ts";
import { CountersignError } from "../error.ts";
import type { Principal } from "./principal.ts";

/** Claims of a verified token: JSON, nothing more is assumed. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Ties verified claims to one principal, by the issuer's claim mapping.
 *
 * @param claims of a token that was already verified
 * @param issuer the configured issuer that signed it
 * @param namedGroups the groups that the configuration names; others are dropped
 * @throws CountersignError `token_invalid` when the token names nobody, or a mapped claim has another type than expected
 */
export function principalOfClaims(claims: Claims, issuer: IssuerConfig, namedGroups: readonly string[]): Principal {
  const subject = text(claims, "sub");
  if (!subject) throw new CountersignError("token_invalid", "the token has no subject");
  const mapped = (claim: string | null) => (claim === null ? null : text(claims, claim));
  const jti = text(claims, "jti");
  const client = text(claims, "azp") ?? text(claims, "client_id") ?? "";
  return {
    kind: issuer.kind,
    id: `${issuer.name}|${subject}`,
    issuer: issuer.issuer,
    subject,
    client,
    name: mapped(issuer.claims.name) ?? subject,
    groups: groupsOf(claims, issuer.claims.groups).filter((group) => namedGroups.includes(group)),
    person: personOf(claims, issuer.claims.person),
    initiator: mapped(issuer.claims.initiator),
    signIn: mapped(issuer.claims.session) ?? jti ?? `${client}|${claims.iat ?? ""}`,
    jti,
    authTime: typeof claims.auth_time === "number" ? claims.auth_time : null,
    acr: text(claims, "acr"),
    amr: Array.isArray(claims.amr) ? claims.amr.filter((entry) => typeof entry === "string") : [],
    delegation: actorsOf(claims.act),
  };
}

function text(claims: Claims, name: string): string | null {
  const value = claims[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "string") throw new CountersignError("token_invalid", `the claim ${name} is not a text`);
  return value;
}

function groupsOf(claims: Claims, claim: string | null): string[] {
  const value = claim === null ? undefined : claims[claim];
  if (value === undefined) return [];
  if (typeof value === "string") return value.split(/[ ,]+/).filter(Boolean);
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return value;
  throw new CountersignError("token_invalid", `the claim ${claim} is not a list of texts`);
}

/** An unverified e-mail address names nobody: anyone may claim one (OpenID Connect Core 5.1, email_verified). */
function personOf(claims: Claims, claim: string | null): string | null {
  if (claim === null || (claim === "email" && claims.email_verified !== true)) return null;
  return text(claims, claim)?.trim().toLowerCase() || null;
}

/** RFC 8693 section 4.1: `act` nests, the outermost being the current actor. */
function actorsOf(act: unknown): string[] {
  const chain: string[] = [];
  for (
    let actor = act;
    chain.length < 10 && typeof actor === "object" && actor !== null;
    actor = (actor as Claims).act
  ) {
    const subject = (actor as Claims).sub;
    if (typeof subject === "string") chain.push(subject);
  }
  return chain;
}
