import { type Automaton, automaton, type Ending } from "./automaton.ts";
import { Bytes } from "./bytes.ts";
import { dense, mostInRow, parts, SPREAD } from "./digits.ts";
import { ESCAPE_SIGNS } from "./escapes.ts";
import type { Rule } from "./rule.ts";

/** What one pass over texts finds out: which rules may find something there. */
export interface Signs {
  /**
   * Looks at part of a text.
   *
   * @param state what an earlier look gave back, where a sign may have begun before; else 0
   * @returns the state to go on with
   */
  look(text: string, from: number, to: number, state?: number): number;
  /** Whether the latest look saw a sign of any rule. */
  sawAny(): boolean;
  /** Whether it was more than digits. */
  sawWord(): boolean;
  /** Whether the latest look saw a sign of a credential. */
  sawCredential(): boolean;
  /** Positions of the credentials that may go over the end of a line and of which the latest look saw a sign. */
  sawAcrossLines(): readonly number[];
  /** Positions of the rules whose signs the latest look saw, in their order. */
  seen(): readonly number[];
  /**
   * The stretches of a text in which signs stand: by position of a rule, beginning and end by turns, in order and apart.
   * For texts so long that rules must not be asked about all of them.
   */
  places(text: string): ReadonlyMap<number, readonly number[]>;
  /** Whether the latest look saw something that may be an escape: `%40`, `\u0040`, `&commat;`. */
  sawEscape(): boolean;
}

/** The signs of all rules as one automaton, so that the number of rules does not multiply the work. It is made when first used. */
export function compileSigns(rules: readonly Rule[]): Signs {
  const escapes = rules.length;
  const digitRules = rules
    .flatMap(({ digits, unbroken = false }, rule) => (digits === undefined ? [] : [{ rule, digits, unbroken }]))
    .sort((a, b) => a.digits - b.digits);
  const fewestDigits = digitRules[0]?.digits ?? Number.POSITIVE_INFINITY;
  const credential = rules.map(({ family }) => family === "credential");
  const acrossLines = rules.map((rule) => rule.family === "credential" && rule.acrossLines === true);
  const marked = new Uint8Array(rules.length + 1);
  const bytes = new Bytes();
  let made: Automaton | undefined;
  const machine = () => {
    if (made === undefined) {
      made = automaton(wordsOf(rules));
      latest = new Float64Array(made.endings.length);
    }
    return made;
  };
  /** Which look last met each ending: common signs end at every other word. */
  let latest = new Float64Array();
  let found: number[] = [];
  let words = 0;
  let sawCredential = false;
  let sawAcrossLines: number[] = [];
  let looks = 0;

  const mark = (rule: number) => {
    if (marked[rule] === 1) return;
    marked[rule] = 1;
    found.push(rule);
    sawCredential ||= credential[rule] === true;
    if (acrossLines[rule]) sawAcrossLines.push(rule);
  };
  const forget = () => {
    for (const rule of found) marked[rule] = 0;
    found = [];
    sawCredential = false;
    if (sawAcrossLines.length > 0) sawAcrossLines = [];
    looks += 1;
  };
  const ended = ({ any, exact }: Ending, which: number, text: string, at: number) => {
    for (const word of exact)
      if (marked[word.rule] === 0 && text.startsWith(word.exact, at - word.exact.length + 1)) mark(word.rule);
    if (latest[which] === looks) return;
    latest[which] = looks;
    for (const rule of any) mark(rule);
  };

  return {
    look(text, from, to, before = 0) {
      if (found.length > 0) forget();
      else looks += 1;
      const { columns, next, firstEnd, shift, endings } = machine();
      let state = before;
      let digits = 0;
      for (let begun = from; begun < to; ) {
        const length = bytes.read(text, begun, to);
        const { units } = bytes;
        for (let at = 0; at < length; at += 1) {
          const unit = units[at] as number;
          state = next[state + (columns[unit] as number)] as number;
          // One comparison: what is below 0 becomes the largest of numbers.
          if ((unit - 0x30) >>> 0 <= 9) digits += 1;
          if (state >= firstEnd) {
            const which = (state - firstEnd) >> shift;
            ended(endings[which] as Ending, which, text, begun + at);
          }
        }
        begun += length;
      }
      words = found.length - (marked[escapes] as number);
      if (digits >= fewestDigits) {
        const inRow = mostInRow(text, from, to);
        for (const entry of digitRules) {
          if (entry.digits > digits) break;
          if (!entry.unbroken || entry.digits <= inRow) mark(entry.rule);
        }
      }
      return state;
    },
    places(text) {
      const { columns, next, firstEnd, shift, endings } = machine();
      const places = new Map<number, number[]>();
      const digits: number[] = [];
      /** By digit: which was the first of its row. */
      const rows: number[] = [];
      let row = 0;
      let state = 0;
      for (let begun = 0; begun < text.length; ) {
        const length = bytes.read(text, begun, text.length);
        const { units } = bytes;
        for (let at = 0; at < length; at += 1) {
          const unit = units[at] as number;
          state = next[state + (columns[unit] as number)] as number;
          if (unit <= 0x39) {
            if (unit >= 0x30) {
              rows.push(row);
              digits.push(begun + at);
            }
          } else if (parts(unit)) row = digits.length;
          if (state < firstEnd) continue;
          const place = begun + at + 1;
          const { any, exact } = endings[(state - firstEnd) >> shift] as Ending;
          for (const rule of any) add(places, rule, place - 1, place);
          for (const { rule, exact: word } of exact)
            if (text.startsWith(word, place - word.length)) add(places, rule, place - word.length, place);
        }
        begun += length;
      }
      for (const { rule, digits: count, unbroken } of digitRules) {
        if (count > digits.length) break;
        const stretches = dense(digits, count, unbroken ? rows : undefined);
        if (stretches.length > 0) places.set(rule, stretches);
      }
      return places;
    },
    sawAny: () => found.length > (marked[escapes] as number),
    sawWord: () => words > 0,
    sawCredential: () => sawCredential,
    sawAcrossLines: () => sawAcrossLines,
    seen() {
      const seen: number[] = [];
      for (let rule = 0; rule < escapes; rule += 1) if (marked[rule] === 1) seen.push(rule);
      return seen;
    },
    sawEscape: () => marked[escapes] === 1,
  };
}

const wordsOf = (rules: readonly Rule[]) => [
  ...rules.flatMap((rule, at) =>
    (rule.signs ?? []).map((word) => ({
      word: word.toLowerCase(),
      rule: at,
      exact: isExact(word) ? word : undefined,
    })),
  ),
  ...ESCAPE_SIGNS.map((word) => ({ word, rule: rules.length, exact: undefined })),
];

/** Short signs with capitals are the beginnings of tokens: without regard to case they would be in every other word. */
const isExact = (word: string) => word.length <= 3 && /[A-Z]/.test(word);

/** Notes a stretch that follows those noted before, or goes on with the last. */
function add(places: Map<number, number[]>, rule: number, start: number, end: number): void {
  const stretches = places.get(rule);
  if (stretches === undefined) places.set(rule, [start, end]);
  else if (start - (stretches.at(-1) as number) > SPREAD) stretches.push(start, end);
  else stretches[stretches.length - 1] = Math.max(end, stretches.at(-1) as number);
}
