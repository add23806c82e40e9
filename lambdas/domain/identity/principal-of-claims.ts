import type { IssuerConfig } from "../../../lib/config/schema.ts";
import { CountersignError } from "../error.ts";
import { type ClaimName, claimOf, shown } from "./claim-of.ts";
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
  checkOverage(claims, issuer);
  if (!subject) throw new CountersignError("token_invalid", "the token has no subject");
  const mapped = (claim: ClaimName | null) => (claim === null ? null : text(claims, claim));
  const jti = text(claims, "jti");
  const client = CLIENT.map((claim) => text(claims, claim)).find((found) => found !== null) ?? "";
  const scopes = scopesOf(claims);
  const forPolicies = claimsFor(claims, issuer.claims.policy ?? []);
  return {
    kind: issuer.kind,
    id: `${issuer.name}|${issuer.claims.id === undefined ? subject : nameOf(claims, issuer.claims.id)}`,
    issuer: issuer.issuer,
    subject,
    client,
    name: mapped(issuer.claims.name) ?? subject,
    groups: groupsOf(claims, issuer).filter((group) => namedGroups.includes(group)),
    person: personOf(claims, issuer.claims.person),
    // Nobody's name is nobody: an empty claim must not look like a known starter (`quorumFor`).
    initiator: mapped(issuer.claims.initiator)?.trim() || null,
    signIn: mapped(issuer.claims.session) ?? jti ?? `${client}|${claims.iat ?? ""}`,
    jti,
    authTime: typeof claims.auth_time === "number" ? claims.auth_time : null,
    acr: text(claims, "acr"),
    amr: Array.isArray(claims.amr) ? claims.amr.filter((entry) => typeof entry === "string") : [],
    delegation: actorsOf(claims.act),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(forPolicies.length === 0 ? {} : { claims: Object.fromEntries(forPolicies) }),
  };
}

/** Who holds the token, as OpenID Connect, RFC 9068, Okta and Entra ID's first version call it. */
export const CLIENT = ["azp", "client_id", "cid", "appid"];

/**
 * What several claims name together. A separator within one of them is escaped, so that two jobs never share a name.
 */
function nameOf(claims: Claims, names: readonly ClaimName[]): string {
  const parts = names.map((name) => {
    const part = text(claims, name);
    if (!part) throw new CountersignError("token_invalid", `the token lacks the claim ${shown(name)}`);
    return part.replaceAll(/[%:|]/g, encodeURIComponent);
  });
  return parts.join(":");
}

function text(claims: Claims, name: ClaimName): string | null {
  const value = claimOf(claims, name);
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "string") throw new CountersignError("token_invalid", `the claim ${shown(name)} is not a text`);
  return value;
}

function groupsOf(claims: Claims, { claims: { groups: claim, groupNames } }: IssuerConfig): string[] {
  const value = claim === null ? undefined : claimOf(claims, claim);
  const listed = typeof value === "string" ? value.split(/[ ,]+/).filter(Boolean) : (value ?? []);
  if (claim !== null && !(Array.isArray(listed) && listed.every((entry) => typeof entry === "string")))
    throw new CountersignError("token_invalid", `the claim ${shown(claim)} is not a list of texts`);
  const stated = listed as readonly string[];
  if (groupNames === undefined) return [...stated];
  const renamed = stated.flatMap((group) => (Object.hasOwn(groupNames, group) ? [groupNames[group] ?? ""] : []));
  return [...new Set(renamed)];
}

/**
 * Entra ID leaves the groups out of a token when there are too many, and says where to ask for them. Nobody asks, and
 * a person without groups would be somebody else to the policies.
 */
function checkOverage(claims: Claims, issuer: IssuerConfig): void {
  const [claim] = [issuer.claims.groups].flat();
  if (claim == null || claims[claim] !== undefined) return;
  const elsewhere = claims._claim_names;
  const named = typeof elsewhere === "object" && elsewhere !== null && Object.hasOwn(elsewhere, claim);
  if (named || claims.hasgroups === true || claims.hasgroups === "true")
    throw new CountersignError(
      "token_invalid",
      `the token does not list its groups, because there are too many (_claim_names): let the issuer send only those assigned to the application`,
    );
}

/** RFC 8693 section 4.2 writes scopes as one text; Entra ID and Okta as `scp`, a text or a list. */
function scopesOf({ scope, scp }: Claims): string[] {
  const stated = scope ?? scp ?? [];
  if (typeof stated === "string") return stated.split(" ").filter(Boolean);
  return Array.isArray(stated) ? stated.filter((entry) => typeof entry === "string") : [];
}

/** Claims as policies see them: texts as they are, other values as JSON writes them. One that the token lacks is absent. */
function claimsFor(claims: Claims, names: readonly string[]): [string, string][] {
  return names.flatMap((name) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (value === undefined || value === null) return [];
    return [[name, typeof value === "string" ? value : JSON.stringify(value)]];
  });
}

/** An unverified e-mail address names nobody: anyone may claim one (OpenID Connect Core 5.1, email_verified). */
function personOf(claims: Claims, claim: ClaimName | null): string | null {
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
