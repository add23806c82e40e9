import type { JsonObject } from "./message.ts";

/** Names of the protocol by what they fold to. */
export type Names = ReadonlyMap<string, string>;

export const namesOf = (...names: readonly string[]): Names => new Map(names.map((name) => [fold(name), name]));

/**
 * The name of the protocol that a member is spelled like without being it: what one reader passes over, another takes
 * for it (CVE-2026-27896). The gateway would decide on one thing, and the other side act on another.
 */
export function lookalikeIn(json: JsonObject, names: Names): string | undefined {
  for (const member of Object.keys(json)) {
    const name = names.get(fold(member));
    if (name !== undefined && name !== member) return name;
  }
  return undefined;
}

/** Whether a member goes by one of the names, or is spelled like one. */
export const isLike = (member: string, names: Names): boolean => names.has(fold(member));

/** Letters that fold to ASCII in some language, and only there. */
const LETTERS: Readonly<Record<string, string>> = { "\u017f": "s", "\u212a": "k", "\u0130": "i", "\u0131": "i" };

/**
 * A name as the most forgiving readers fold it: Go's `encoding/json` takes any case and U+017F and U+212A for letters,
 * its second version can leave out dashes and underscores, Java's `equalsIgnoreCase` knows the Turkish i, and the Python
 * SDK reads `input_requests` for `inputRequests`. The underscore that begins `_meta` stays: `meta` may be anybody's own.
 */
function fold(name: string): string {
  if (/^[a-z]+$/.test(name)) return name;
  const letters = name.replace(/[\u017f\u212a\u0130\u0131]/g, (letter) => LETTERS[letter] ?? letter).toLowerCase();
  return letters.charAt(0) + letters.slice(1).replace(/[-_]/g, "");
}
