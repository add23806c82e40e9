/** A stretch of text that is marked, or not. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly marked: boolean;
}

/** Cuts a text where marking begins and ends. */
export function cutAt(text: string, matches: readonly string[]): Piece[] {
  const marked = new Uint8Array(text.length);
  for (const match of matches)
    for (let at = match === "" ? -1 : text.indexOf(match); at >= 0; at = text.indexOf(match, at + 1))
      marked.fill(1, at, at + match.length);
  const pieces: Piece[] = [];
  let start = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && marked[at] === marked[start]) continue;
    pieces.push({ text: text.slice(start, at), start, marked: marked[start] === 1 });
    start = at;
  }
  return pieces;
}
