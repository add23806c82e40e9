import type { Claims } from "./principal-of-claims.ts";

/** The claim of that name, dots and all (`https://example.com/groups`); as a list, a member within a claim. */
export type ClaimName = string | readonly string[];

/** The value that a token has under a name; only members of its own, never what every object inherits. */
export function claimOf(claims: Claims, name: ClaimName): unknown {
  let value: unknown = claims;
  for (const part of [name].flat()) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Claims)[part];
  }
  return value;
}

/** The name as an error says it. */
export const shown = (name: ClaimName): string => [name].flat().join(" > ");
