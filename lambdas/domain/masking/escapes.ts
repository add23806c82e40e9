/**
 * The escapes of URLs, of JSON, JavaScript and shells, and of HTML. Escaped twice and more often is read in one step:
 * `%252540`, `\\\\u0040`. The signs before an escape are taken from their first on, or a long run of them would cost
 * quadratic time.
 */
const ESCAPE =
  /%(?:25)*(?<hex>[0-9a-f]{2})|(?<!\\)\\+(?:u(?<unit>[0-9a-f]{4})|x(?<byte>[0-9a-f]{2})|(?<sign>[nrt"'/]))|&#(?:x(?<code>[0-9a-f]{1,5})|(?<decimal>[0-9]{1,6}));/gi;
const SIGNS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** A text as it reads without its escapes, and where its parts stand in the text as written. */
export interface Unescaped {
  readonly text: string;
  /** Where a stretch of `text` stands in the original; a stretch that touches an escape takes in all of it. */
  original(start: number, end: number): { readonly start: number; readonly end: number };
}

/** @returns undefined where nothing is escaped */
export function unescaped(source: string): Unescaped | undefined {
  const parts: string[] = [];
  /** Beginnings of pieces in the text without escapes, and in the source; every piece is an escape or what lies between. */
  const [starts, places, escapes]: [number[], number[], boolean[]] = [[], [], []];
  let length = 0;
  const push = (text: string, place: number, isEscape: boolean) => {
    if (text === "") return;
    parts.push(text);
    starts.push(length);
    places.push(place);
    escapes.push(isEscape);
    length += text.length;
  };
  let at = 0;
  let percents: { text: string; from: number } | undefined;
  const flush = () => {
    if (percents !== undefined) push(utf8(percents.text), percents.from, true);
    percents = undefined;
  };
  for (const match of source.matchAll(ESCAPE)) {
    const { hex, unit, byte, sign, code, decimal } = match.groups ?? {};
    // Characters beyond ASCII are several percent escapes: those that touch are read together.
    if (hex === undefined || match.index > at) flush();
    push(source.slice(at, match.index), at, false);
    if (hex !== undefined) percents = { text: (percents?.text ?? "") + hex, from: percents?.from ?? match.index };
    else push(sign === undefined ? character(unit ?? byte ?? code, decimal) : (SIGNS[sign] ?? sign), match.index, true);
    at = match.index + match[0].length;
  }
  flush();
  if (at === 0) return undefined;
  push(source.slice(at), at, false);
  places.push(source.length);
  const place = (index: number, isEnd: boolean) => {
    const piece = pieceAt(starts, isEnd ? index - 1 : index);
    if (escapes[piece]) return places[piece + (isEnd ? 1 : 0)] ?? source.length;
    return (places[piece] ?? 0) + index - (starts[piece] ?? 0);
  };
  return { text: parts.join(""), original: (start, end) => ({ start: place(start, false), end: place(end, true) }) };
}

const utf8 = (hex: string) => Buffer.from(hex, "hex").toString("utf8");

function character(hex: string | undefined, decimal: string | undefined): string {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
}

/** The last piece that starts at or before a place, by halving. */
export function pieceAt(starts: readonly number[], place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
