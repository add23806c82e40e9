import { pieceAt } from "./escapes.ts";
import { type Hit, merge } from "./merge.ts";
import { inOriginal, type Piece, piecesOf } from "./settle.ts";

/** Finds hits in texts joined by a glue, or in one by itself; our own masks excepted. */
export type FindJoined = (text: string, glue: string | undefined) => readonly Hit[];

/** Honest groups settle in two rounds. */
const MOST_ROUNDS = 4;

/** One string of a group, and what is masked of it so far. */
export interface Member {
  readonly value: string;
  readonly hits: readonly Hit[];
}

/**
 * Finds what several strings hold together: a token in two texts, a key in the string after its id, a flag and its value.
 * What is read as one text is read as a command's words too.
 *
 * @param glues what stands between them where they are read together
 * @param masks our own masks
 * @returns the members with what is masked of each now
 */
export function settleGroup(
  members: readonly Member[],
  glues: readonly string[],
  find: FindJoined,
  masks: ReadonlySet<string>,
): readonly Member[] {
  const isCommand = glues.includes("") && members.some(({ value }) => value.startsWith("-"));
  const all = isCommand ? [...glues, " "] : glues;
  let settled = members;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = settled;
    // First as they were: a key id that is masked would no longer tell that its key stands in the next string.
    for (const glue of all) settled = joined(settled, glue, find, masks, round === 0);
    if (round > 0 && settled === before) return settled;
    // Each had settled before the group was looked at.
    settled = settled.map((member, at) => (member === before[at] ? member : alone(member, find)));
  }
  // What will not settle was made not to.
  return settled.map(({ value, hits }) => ({ value, hits: [whole(value, hits[0]?.kind ?? "SECRET")] }));
}

const whole = (value: string, kind: string): Hit => ({ start: 0, end: value.length, kind });

/** A mask can part what stood together, so each text is looked at by itself again. */
function alone(member: Member, find: FindJoined): Member {
  if (member.hits.length === 0) return member;
  const pieces = piecesOf(member.value, member.hits);
  const more = find(textOf(pieces), undefined);
  return more.length === 0 ? member : { ...member, hits: merge([...inOriginal(more, pieces), ...member.hits]) };
}

function joined(
  members: readonly Member[],
  glue: string,
  find: FindJoined,
  masks: ReadonlySet<string>,
  asWas: boolean,
): readonly Member[] {
  const parts = members.map(({ value, hits }) => piecesOf(value, asWas ? [] : hits));
  const texts = parts.map(textOf);
  const found = find(texts.join(glue), glue);
  if (found.length === 0) return members;
  const added: Hit[][] = members.map(() => []);
  const starts: number[] = [];
  let length = 0;
  for (const text of texts) {
    starts.push(length);
    length += text.length + glue.length;
  }
  for (const { start, end, kind } of found) {
    const [first, last] = [pieceAt(starts, start), pieceAt(starts, end - 1)];
    // Glued without a sign between them, only what spans several is told by the gluing.
    if (glue === "" && first === last) continue;
    for (let at = first; at <= last; at += 1) {
      const [text, from] = [texts[at] ?? "", starts[at] ?? 0];
      const part = { start: Math.max(start - from, 0), end: Math.min(end - from, text.length), kind };
      const isKnown = asWas && members[at]?.hits.some((hit) => hit.start <= part.start && part.end <= hit.end) === true;
      if (part.end > part.start && !isKnown && !masks.has(text.slice(part.start, part.end))) added[at]?.push(part);
    }
  }
  if (added.every((hits) => hits.length === 0)) return members;
  return members.map((member, at) => {
    const hits = added[at] ?? [];
    return hits.length === 0
      ? member
      : { ...member, hits: merge([...inOriginal(hits, parts[at] ?? []), ...member.hits]) };
  });
}

const textOf = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join("");
