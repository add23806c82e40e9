import type { IssuerConfig } from "../../../lib/config/schema.ts";

/** A part of an id as `principalOfClaims` writes it: its own separators percent-encoded, and nothing else. */
const PART = /^(?:[^%:|]|%25|%3A|%7C)+$/;

/**
 * What is wrong with an id that somebody wrote by hand; undefined where a principal of this configuration may have it. One that
 * no token can ever give must not pass for a person: who blocks it would believe that somebody had stopped.
 *
 * @param pool name of the issuer that is a user pool for SAML
 */
export function whyNobody(account: string, issuers: readonly IssuerConfig[], pool?: string): string | undefined {
  const issuer = issuers.find(({ name }) => account.startsWith(`${name}|`));
  const subject = account.slice((issuer?.name.length ?? 0) + 1);
  if (issuer === undefined || subject === "")
    return `a principal is "<issuer>|<subject>", and the issuers are ${issuers.map(({ name }) => name).join(", ")}`;
  const named = issuer.claims.id;
  if (named === undefined) return undefined;
  const parts = subject.split(":");
  if (parts.length !== named.length)
    return `a principal of ${issuer.name} must have ${named.length} parts with a colon between them, and this has ${parts.length}`;
  if (!parts.every((part) => PART.test(part)))
    return `the parts of a principal of ${issuer.name} must not be empty, with %25, %3A and %7C for a percent sign, a colon and a bar`;
  const prefix = `${issuer.name}_`;
  if (issuer.name === pool && !(subject.startsWith(prefix) && subject.length > prefix.length))
    return `a principal of ${issuer.name} must be "${issuer.name}|${prefix}<NameID>"`;
  return undefined;
}
