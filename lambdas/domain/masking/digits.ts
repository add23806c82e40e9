import { asciiOf } from "./spelling.ts";

/** The digits of a number stand this near to each other, with all that people write between them. */
export const SPREAD = 64;

/**
 * Where at least so many digits stand near each other: beginning and end by turns.
 *
 * @param digits where digits stand
 * @param rows by digit, which of them was the first of its row; given when a row must hold them all
 */
export function dense(digits: readonly number[], count: number, rows: readonly number[] | undefined): number[] {
  const stretches: number[] = [];
  for (let last = count - 1; last < digits.length; last += 1) {
    const first = last - count + 1;
    const [start, end] = [digits[first] as number, (digits[last] as number) + 1];
    if (end - start > SPREAD || (rows !== undefined && (rows[last] as number) > first)) continue;
    if (start > (stretches.at(-1) ?? -1)) stretches.push(start, end);
    else stretches[stretches.length - 1] = end;
  }
  return stretches;
}

/**
 * The most digits with nothing between them but what people write inside of a number. A date that stands by itself,
 * `2026-11-21`, is none: every line of a log begins with one, and no rule takes it for a person's.
 */
export function mostInRow(text: string, from: number, to: number): number {
  let most = 0;
  let row = 0;
  for (let at = from; at < to; at += 1) {
    const unit = text.charCodeAt(at);
    const code = unit < 0x80 ? unit : asciiOf(unit);
    if (code >= 0x30 && code <= 0x39) {
      if (row === 0 && isDate(text, at, from, to)) at += DATE - 1;
      else {
        row += 1;
        if (row > most) most = row;
      }
    } else if (parts(code)) row = 0;
  }
  return most;
}

/** Whether a character ends a number: a letter, a control character, and what is not written between digits. Beyond ASCII nothing does. */
export const parts = (code: number): boolean => code < 0x80 && PARTS[code] === 1;

const PARTS = Uint8Array.from({ length: 0x80 }, (_, code) =>
  /[0-9 .\-/()+\\]/.test(String.fromCharCode(code)) ? 0 : 1,
);

const DATE = "2026-11-21".length;

function isDate(text: string, at: number, from: number, to: number): boolean {
  if (at + DATE > to || text.charCodeAt(at + 4) !== 0x2d || text.charCodeAt(at + 7) !== 0x2d) return false;
  // A plus makes it the number of a country, a bracket that of an area.
  const before = at === from ? 0 : text.charCodeAt(at - 1);
  if (before === 0x2b || before === 0x28) return false;
  return /^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9])/.test(
    text.slice(at, Math.min(to, at + DATE + 1)),
  );
}
