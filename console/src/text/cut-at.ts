/** A stretch of text that is marked, or not, and in view, or folded away. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly marked: boolean;
  readonly hidden: boolean;
}

const MARKED = 1;
const HIDDEN = 2;

/** Cuts a text where marking begins and ends, and where it folds. */
export function cutAt(
  text: string,
  matches: readonly string[],
  folds: readonly { readonly from: number; readonly to: number }[] = [],
): Piece[] {
  const kinds = new Uint8Array(text.length);
  for (const { from, to } of folds) kinds.fill(HIDDEN, from, to);
  for (const match of matches)
    for (let at = match === "" ? -1 : text.indexOf(match); at >= 0; at = text.indexOf(match, at + 1))
      kinds.fill(MARKED, at, at + match.length);
  const pieces: Piece[] = [];
  let start = 0;
  for (let at = 1; at <= text.length; at++) {
    const kind = kinds[start];
    if (at < text.length && kinds[at] === kind) continue;
    pieces.push({ text: text.slice(start, at), start, marked: kind === MARKED, hidden: kind === HIDDEN });
    start = at;
  }
  return pieces;
}
