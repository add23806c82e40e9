import { isLetter } from "./base64-letters.ts";
import { pieceAt } from "./escapes.ts";

/** Letters of base64 that belong together, over the ends of lines. */
export interface Run {
  /** Without what stands between the lines. */
  readonly letters: string;
  /** In the text; the end is behind the padding. */
  readonly start: number;
  readonly end: number;
  /** Where a letter stands in the text. */
  readonly place: (letter: number) => number;
}

/** What may stand between two lines of base64, and may be indented. */
const LINE_END = /[ \t]{0,64}(?:\r?\n|\r)[ \t]{0,64}/y;
/** What stands behind the last letters of a line. */
const isLineEnd = (code: number) =>
  Number.isNaN(code) || code <= 0x20 || [0x22, 0x27, 0x29, 0x2c, 0x3c, 0x3d, 0x5c, 0x5d, 0x60, 0x7d].includes(code);

/** The run of letters around a place, at most `behind` letters before it; undefined when it is shorter than that. */
export function runAround(text: string, at: number, shortest: number): Run | undefined {
  let start = at;
  while (start > 0 && at - start < shortest && isLetter(text.charCodeAt(start - 1))) start -= 1;
  let end = endOfLetters(text, at);
  if (end - start < shortest) return undefined;
  const [starts, places, lines] = [[0], [start], [text.slice(start, end)]];
  let length = end - start;
  // The first line of base64 may begin behind something else, so the second may be longer.
  let longest = start > 0 && !isBlank(text.charCodeAt(start - 1)) ? Number.POSITIVE_INFINITY : length;
  for (;;) {
    LINE_END.lastIndex = end;
    if (!LINE_END.test(text)) break;
    const from = LINE_END.lastIndex;
    const to = endOfLetters(text, from);
    const after = text.charCodeAt(to);
    const isWord = after === 0x20 || after === 0x09;
    if (
      to === from ||
      to - from > longest ||
      !isLineEnd(after) ||
      (isWord && !/[ \t]{1,64}[\r\n]/y.test(text.slice(to, to + 66)))
    )
      break;
    starts.push(length);
    places.push(from);
    lines.push(text.slice(from, to));
    length += to - from;
    const isLast = to - from < longest && longest !== Number.POSITIVE_INFINITY;
    longest = to - from;
    end = to;
    if (isLast) break;
  }
  while (text.charCodeAt(end) === 0x3d) end += 1;
  const place = (letter: number) => {
    const line = pieceAt(starts, letter);
    return (places[line] as number) + letter - (starts[line] as number);
  };
  return { letters: lines.join(""), start, end, place };
}

const isBlank = (code: number) => code <= 0x20;

function endOfLetters(text: string, from: number): number {
  let at = from;
  while (isLetter(text.charCodeAt(at))) at += 1;
  return at;
}
