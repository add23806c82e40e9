import { mask } from "./compile.ts";
import type { Span } from "./rule.ts";

const KEY_MARK = /-{0,5} ?(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/;

/**
 * Blocks that may begin in one string and end in another: an array of lines, two texts of one answer, two messages of
 * one stream. What was opened stays open until its end comes.
 */
const BLOCKS = [
  {
    kind: "PRIVATE_KEY",
    sign: "PRIVATE KEY",
    mark: new RegExp(KEY_MARK, "g"),
    /** A mark where a later string goes on with it. */
    resumed: new RegExp(KEY_MARK, "y"),
    /**
     * Where the rest of a mark may begin, behind what a log writes before each piece: a few whole words before its last
     * one, or within that.
     */
    rest: /(?:(?<![A-Z0-9-])|(?<=-)(?=[A-Z0-9])|(?= )|(?<!-)(?=-))(?=((?:[A-Z0-9]{0,40} ){0,5}(?:KEY|BLOCK) ?-{4,5}|(?:K?E?Y|B?L?O?C?K)? ?-{1,5}))/g,
    /** A mark that the end of a string cuts off; its first dashes may be missing. */
    cut: /-{4,5} ?(?:B(?:E(?:G(?:I(?:N(?: [A-Z0-9 ]{0,64}-{0,3})?)?)?)?)?|E(?:N(?:D(?: [A-Z0-9 ]{0,64}-{0,3})?)?)?)?$/,
    /** A full line of base64, or the headers of an encrypted key. */
    body: /^[\s]*(?:[A-Za-z0-9+/=]{60,76}|(?:Proc-Type|DEK-Info|Version|Comment): [^\n]*)(?:\s|\\[nr]|$)/,
  },
] as const;
/** No mark is longer. */
const LONGEST_CUT = 96;
const MOST_CUTS = 6;
/** How far into a string the rest of a mark may stand. */
const LONGEST_START = 256;
/** Labels have fewer words. */
const MOST_WORDS = 6;
/** What cuts off a mark has as many dashes. */
const FEWEST_DASHES = 4;

/**
 * What a stream of messages has opened and not closed, a value to hand to the next message: the kind of the block, and
 * behind line breaks marks that strings cut off, which open or close a block if a later string goes on with them.
 */
export type OpenBlock = string | undefined;

/** Whether a text may open a block of a kind that is masked. */
export const mayOpen = (text: string, masks: ReadonlySet<string>): boolean =>
  BLOCKS.some((block) => (text.includes(block.sign) || cutOf(text, block) !== "") && masks.has(mask(block.kind)));

/** Where the open block goes on in the next string, and what is open behind it. */
export function continued(
  text: string,
  before: OpenBlock,
): { readonly span: (Span & { readonly kind: string }) | undefined; readonly open: OpenBlock } {
  const [kind = "", ...cuts] = before?.split("\n") ?? [];
  const block = BLOCKS.find((each) => each.kind === kind) ?? BLOCKS[0];
  const marks = marksOf(text, cuts, block);
  const last = marks.at(-1);
  const opened = last === undefined ? kind : last.opens ? block.kind : "";
  // What a mark ends in begins none.
  const open = written(opened, last?.end === text.length ? [] : cutsOf(text, last === undefined ? cuts : [], block));
  const isInside = kind !== "" || (marks[0]?.opens === true && marks[0].isRest);
  if (!isInside) return { span: undefined, open };
  const end = marks.find(({ opens }) => !opens)?.end;
  // Without a mark it is the block's only by its looks: a stream says other things in between.
  const isBody = marks.length > 0 || block.body.test(text) || holdsKey(text);
  return { span: isBody ? { start: 0, end: end ?? text.length, kind: block.kind } : undefined, open };
}

type Block = (typeof BLOCKS)[number];
interface Mark {
  readonly opens: boolean;
  readonly end: number;
  /** Whether it began in a string before. */
  readonly isRest: boolean;
}

/** The marks that end in a text. */
function marksOf(text: string, cuts: readonly string[], block: Block): readonly Mark[] {
  const whole = [...text.matchAll(block.mark)].map(({ 0: { length }, 1: what, index }) => ({
    opens: what === "BEGIN",
    end: index + length,
    isRest: false,
  }));
  const rest = cuts.length === 0 ? undefined : restOf(text, cuts, block);
  return rest === undefined ? whole : [rest, ...whole];
}

/** The rest of a mark that one of the cuts began. */
function restOf(text: string, cuts: readonly string[], { rest, resumed }: Block): Mark | undefined {
  const rests = [...text.slice(0, LONGEST_START).matchAll(rest)];
  for (const cut of cuts)
    for (const { 1: written = "", index } of rests) {
      resumed.lastIndex = 0;
      const found = resumed.exec(cut + written);
      if (found !== null)
        return { opens: found[1] === "BEGIN", end: index + found[0].length - cut.length, isRest: true };
    }
  return undefined;
}

/** What may go on in a later string; others may stand between its parts, so several are remembered. */
function cutsOf(text: string, before: readonly string[], block: Block): readonly string[] {
  const cuts = new Set<string>();
  for (const cut of [...longerCuts(text, before, block), cutOf(text, block), ...before]) {
    if (cut !== "") cuts.add(cut);
    if (cuts.size === MOST_CUTS) break;
  }
  return [...cuts];
}

/** The cuts with what a string adds to them that is cut off as well. */
function* longerCuts(text: string, before: readonly string[], block: Block): Generator<string> {
  const rest = before.length === 0 ? "" : (/(?<![^\s:>|\]])[A-Z0-9 -]*$/.exec(text.slice(-LONGEST_CUT))?.[0] ?? "");
  if (rest === "") return;
  // A mark may have been cut before one of its blanks or behind it, and a time may stand before its rest.
  const blanks = [...rest.matchAll(/ /g)].slice(-MOST_WORDS).flatMap(({ index }) => [index, index + 1]);
  for (const from of [0, ...blanks]) for (const cut of before) yield cutOf(cut + rest.slice(from), block);
}

/** Whether a stretch of a text ends in what may be the beginning of a mark: a look that costs next to nothing. */
export function mayEndInCut(text: string, from: number, to: number): boolean {
  let dashes = 0;
  for (let at = to - 1; at >= Math.max(from, to - LONGEST_CUT); at -= 1) {
    const code = text.charCodeAt(at);
    const isCapitalOrDigit = (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
    if (code !== 0x2d && code !== 0x20 && !isCapitalOrDigit) return false;
    dashes = code === 0x2d ? dashes + 1 : 0;
    if (dashes === FEWEST_DASHES) return true;
  }
  return false;
}

const cutOf = (text: string, { cut }: Block): string =>
  mayEndInCut(text, 0, text.length) ? (cut.exec(text.slice(-LONGEST_CUT))?.[0] ?? "") : "";

const written = (kind: string, cuts: readonly string[]): OpenBlock =>
  kind === "" && cuts.length === 0 ? undefined : [kind, ...cuts].join("\n");

/** A line of a key or part of one, wherever in a text it stands: behind `stdout: ` or a time, or cut at any place. */
const holdsKey = (text: string): boolean =>
  [text, text.replace(/[ \t\r]{0,8}\n[ \t]{0,8}/g, "")].some((each) =>
    (each.match(/[A-Za-z0-9+/]{10,}/g) ?? []).some(isJumbled),
  );

/** Base64 changes between capitals, letters and digits at more than every second character; words and paths seldom do. */
function isJumbled(run: string): boolean {
  const letters = run.replace(/[+/]/g, "");
  const changes = letters.match(/[A-Z](?=[a-z0-9])|[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
  const share = !/[0-9+]/.test(run) ? 0.45 : run.length < 16 ? 0.33 : 0.25;
  return letters.length >= 8 && changes >= share * letters.length;
}
