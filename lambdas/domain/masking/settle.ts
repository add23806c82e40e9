import { mask } from "./compile.ts";
import { pieceAt } from "./escapes.ts";
import { type Hit, merge } from "./merge.ts";

/** Honest text settles in two rounds. */
const MOST_ROUNDS = 6;

/**
 * Finds until masking uncovers nothing more. A mask can part what stood together, so that what was glued to a secret
 * becomes one to a rule; without this the answer would hold it, and masking twice would not equal masking once.
 *
 * @param find all hits in a text, its own masks excepted
 * @returns what to mask, in places of `value`, sorted and apart
 */
export function settle(value: string, find: (text: string) => readonly Hit[]): readonly Hit[] {
  let hits = merge(find(value));
  if (hits.length === 0) return hits;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const pieces = piecesOf(value, hits);
    const more = find(pieces.map((piece) => piece.text).join(""));
    if (more.length === 0) return hits;
    hits = merge([...inOriginal(more, pieces), ...hits]);
  }
  // What will not settle was made not to.
  return [{ start: 0, end: value.length, kind: hits[0]?.kind ?? "SECRET" }];
}

/** A part of the masked text: kept as it was, or a mask; and what it stands for. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isMask: boolean;
}

export function piecesOf(value: string, hits: readonly Hit[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, kind } of hits) {
    if (start > at) pieces.push({ text: value.slice(at, start), start: at, end: start, isMask: false });
    pieces.push({ text: mask(kind), start, end, isMask: true });
    at = end;
  }
  if (at < value.length) pieces.push({ text: value.slice(at), start: at, end: value.length, isMask: false });
  return pieces;
}

/** Hits in the masked text as places of the original; a hit that touches a mask takes in all that the mask hides. */
export function inOriginal(hits: readonly Hit[], pieces: readonly Piece[]): Hit[] {
  const found: Hit[] = [];
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length;
  }
  for (const { start, end, kind } of hits) {
    const [first, last] = [pieceAt(starts, start), pieceAt(starts, end - 1)];
    const [from, to] = [pieces[first], pieces[last]];
    if (!from || !to) continue;
    found.push({
      start: from.isMask ? from.start : from.start + start - (starts[first] ?? 0),
      end: to.isMask ? to.end : to.start + end - (starts[last] ?? 0),
      kind,
    });
  }
  return found;
}
