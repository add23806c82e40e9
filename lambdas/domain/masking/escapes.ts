/** HTML's names for ASCII characters, for blanks, and for what is not seen at all. */
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ Tab: "\t", NewLine: "\n", nbsp: " ", NonBreakingSpace: " ", ensp: " ", emsp: " ", thinsp: " " },
  ...{ excl: "!", quot: '"', QUOT: '"', num: "#", dollar: "$", percnt: "%", amp: "&", AMP: "&", apos: "'" },
  ...{ lpar: "(", rpar: ")", ast: "*", midast: "*", plus: "+", comma: ",", hyphen: "-", dash: "-", period: "." },
  ...{ sol: "/", colon: ":", semi: ";", lt: "<", LT: "<", equals: "=", gt: ">", GT: ">", quest: "?", commat: "@" },
  ...{ lsqb: "[", lbrack: "[", bsol: "\\", rsqb: "]", rbrack: "]", Hat: "^", lowbar: "_", UnderBar: "_" },
  ...{ grave: "`", DiacriticalGrave: "`", lcub: "{", lbrace: "{", verbar: "|", vert: "|", VerticalLine: "|" },
  ...{ rcub: "}", rbrace: "}", shy: "", zwj: "", zwnj: "", ZeroWidthSpace: "", NoBreak: "" },
};

/** Without one of these, in any case, nothing is escaped. */
export const ESCAPE_SIGNS: readonly string[] = [
  ...new Set(["%", "\\", "&#", ...Object.keys(ENTITIES).map((name) => `&${name.toLowerCase()}`)]),
];

const HEX = "[0-9a-fA-F]";
/**
 * The escapes of URLs (`%40`, `%u0040`), of JSON, JavaScript, Python and shells (`\u0040`, `\u{40}`, `\x40`, `\100`, and
 * a line that goes on), of Markdown (`\_`), and of HTML (`&#64;`, `&commat;`, and the few names that browsers read without a
 * semicolon). Escaped twice and more often is read in one step: `%252540`, `\\\\u0040`, `&amp;#64;`. The signs before an
 * escape are taken from their first on, or a long run of them would cost quadratic time.
 */
const ESCAPE = new RegExp(
  [
    `%(?:25)*(?:(?<hex>${HEX}{2})|u(?<wide>${HEX}{4}))`,
    `(?<!\\\\)\\\\+(?:u(?<unit>${HEX}{4})|[ux]\\{0*(?<point>${HEX}{1,6})\\}|U(?<long>${HEX}{8})|x(?<byte>${HEX}{2})` +
      "|(?<octal>0?[0-3]?[0-7]{2}|0)|(?<sign>[nrt!-/:-@[\\]^-`{-~])|(?<fold>\\r?\\n))",
    `&(?:(?:amp|AMP|#0*38|#[xX]0*26);)*(?:#(?:[xX]0*(?<code>${HEX}{1,6})|0*(?<decimal>[0-9]{1,7}));?` +
      `|(?<entity>${Object.keys(ENTITIES).join("|")});|(?<open>quot|amp|lt|gt|nbsp|shy)(?![;=0-9A-Za-z]))`,
  ].join("|"),
  "g",
);
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
    const groups = match.groups ?? {};
    const { hex } = groups;
    // Characters beyond ASCII are several percent escapes: those that touch are read together.
    if (hex === undefined || match.index > at) flush();
    push(source.slice(at, match.index), at, false);
    if (hex !== undefined) percents = { text: (percents?.text ?? "") + hex, from: percents?.from ?? match.index };
    else push(characterOf(groups), match.index, true);
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

/** What an escape stands for, by the group that it was read by. */
function characterOf(groups: Readonly<Record<string, string | undefined>>): string {
  const { wide, unit, point, long, byte, octal, sign, code, decimal, entity, open } = groups;
  const name = entity ?? open;
  if (name !== undefined) return ENTITIES[name] ?? "";
  if (sign !== undefined) return SIGNS[sign] ?? sign;
  const hex = unit ?? byte ?? code ?? wide ?? point ?? long;
  if (hex !== undefined) return character(Number.parseInt(hex, 16));
  if (octal !== undefined) return character(Number.parseInt(octal, 8));
  return decimal === undefined ? "" : character(Number(decimal));
}

const character = (code: number) => (code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code));

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
