import type { IssuerConfig } from "../../../lib/config/schema.ts";
import type { Claims } from "./principal-of-claims.ts";

/**
 * The accepted audience that a token is meant for. Cognito's access tokens name their client in its place, and have an `aud` only
 * where the client asked for a resource (RFC 8707), which may be anybody's: a token that was asked for at another MCP server, by the
 * client that every one of them may be told of, is none of ours.
 *
 * @param accepted audiences that this issuer's tokens may have
 * @param resources what a resource of this gateway may be called
 */
export function audienceOf(
  claims: Claims,
  issuer: IssuerConfig,
  accepted: readonly string[],
  resources: readonly string[],
): string | undefined {
  if (issuer.audienceClaim === "client_id" && !(claims.aud === undefined || areOurs(claims.aud, resources)))
    return undefined;
  const audiences = listed(claims[issuer.audienceClaim ?? "aud"]);
  return accepted.find((audience) => audiences.includes(audience));
}

function areOurs(stated: unknown, resources: readonly string[]): boolean {
  const named = listed(stated);
  return named.length > 0 && named.every((resource) => typeof resource === "string" && resources.includes(resource));
}

const listed = (stated: unknown): readonly unknown[] => (Array.isArray(stated) ? stated : [stated]);
