import { mask } from "./compile.ts";
import { type FindJoined, settleGroup } from "./group.ts";
import type { Group } from "./groups.ts";
import { encodedHits, hitsOf, plainHits } from "./hits.ts";
import { decoded, type Leaf } from "./leaf.ts";
import type { Scan } from "./scan.ts";
import { foundOf, isJsonContainer } from "./scan-string.ts";

/** Where reading a group as lines must begin: rules with a reach look to both sides of their sign. */
function beginOf({ acrossLines, firstAcross }: Group, { masking, always }: Scan): number {
  if (always.length > 0 || acrossLines.some((at) => masking.rules[at]?.reach !== undefined)) return 0;
  return firstAcross;
}

/**
 * Looks at strings that stand together as one text.
 *
 * @param leaves what each holds alone, by offset; what they hold together is added
 * @param encoded,runs offsets of what is base64 to clients, and of what may hold base64
 * @returns whether strings hold something together that none of them holds alone
 */
export function scanGroup(
  text: string,
  group: Group,
  leaves: Map<number, Leaf>,
  scan: Scan,
  { encoded, runs }: { readonly encoded: ReadonlySet<number>; readonly runs: ReadonlySet<number> },
): boolean {
  const { isArray } = group;
  const tokens = isArray ? group.tokens : group.tokens.slice(beginOf(group, scan));
  if (tokens.length < 2) return false;
  const acrossLines = [...group.acrossLines, ...scan.always].sort((a, b) => a - b);
  // A sign goes over the end of no line, and that of a mask is no name (`groups.test.ts`).
  const mayBeEncoded = isArray && tokens.some(({ offset }) => runs.has(offset));
  const glues = [...(acrossLines.length > 0 || mayBeEncoded ? ["\n"] : []), ...(isArray ? [""] : [])];
  if (glues.length === 0) return false;
  const members = tokens.flatMap((token) => {
    const found = leaves.get(token.offset)?.found ?? [];
    const value = token.escaped ? decoded(text, token) : text.slice(token.offset + 1, token.offset + token.length - 1);
    // What is JSON, or was encoded, is not the text that stands there.
    const isText =
      found.every(({ replacement, kind }) => replacement === mask(kind)) &&
      !encoded.has(token.offset) &&
      !isJsonContainer(value);
    return isText ? [{ token, value, hits: found }] : [];
  });
  let linesSaid = false;
  /** Base64 over several strings: as lines, which tells where it ends; and parted anywhere, where lines said nothing. */
  const encodedOver = (joined: string, glue: string | undefined) => {
    if (!mayBeEncoded || (glue !== "\n" && (glue !== "" || linesSaid))) return [];
    const hits = encodedHits(joined, scan, 0);
    if (glue === "\n") linesSaid = hits.some(({ start, end }) => joined.slice(start, end).includes(glue));
    return hits;
  };
  const find: FindJoined = (joined, glue) => {
    const hits =
      glue === "\n"
        ? hitsOf(joined, acrossLines, scan)
        : plainHits(
            joined,
            scan,
            // What is parted is told by its own form alone, not by a name before it.
            ({ family, field }) => family === "credential" && (glue !== "" || field === undefined),
          );
    return [...hits, ...encodedOver(joined, glue)];
  };
  const settled = settleGroup(members, glues, find, scan.masking.masks);
  let changed = false;
  for (const [at, { value, hits }] of settled.entries()) {
    const member = members[at];
    if (member === undefined || member.hits === hits) continue;
    const { token } = member;
    const found = hits.map((hit) => foundOf(hit, value, scan));
    leaves.set(token.offset, { token, found, pointer: leaves.get(token.offset)?.pointer });
    changed = true;
  }
  return changed;
}
