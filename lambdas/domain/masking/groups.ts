import type { Path } from "../json/path.ts";
import type { Token } from "../json/walk.ts";
import type { Signs } from "./signs.ts";

/**
 * Members by which arrays of objects hold text in pieces, such as the blocks of an MCP result. What records of a log say is no
 * piece of one text, and reading each with its neighbours costs many times what reading it does.
 */
const PIECES: ReadonlySet<string> = new Set(
  "text line content value data message msg chunk part delta fragment segment".split(" "),
);

/** How much text around a string with a sign is read together with it: more than any credential is long. */
const AROUND = 8192;
/** And how many strings at least, however long they are. */
const FEWEST_AROUND = 2;

/** Strings that may hold a secret together. */
export interface Group {
  readonly tokens: readonly Token[];
  readonly isArray: boolean;
  /** Positions of the rules that may find a credential over the ends of the strings, read as lines. */
  readonly acrossLines: readonly number[];
  /** The first string with a sign of one of them: nothing before it can be what such a sign names. */
  readonly firstAcross: number;
}

type Saw = Pick<Signs, "sawCredential" | "sawAcrossLines">;

/** The strings of a container, in its order. */
interface Strings {
  readonly tokens: Token[];
  readonly isArray: boolean;
  /** Where the automaton of signs stands behind the last string: a sign may be parted between two. */
  state: number;
  /** Positions of those with a sign, or with a credential. */
  hot: number[];
  /** Of those with a sign of a credential that may go over the end of a line: which, and the positions of its rules. */
  readonly acrossLines: { readonly at: number; readonly rules: readonly number[] }[];
}

interface Frame {
  own: Strings;
  /** Of an array: the strings that its objects hold under the same name. */
  pieces: Strings | undefined;
}

const newStrings = (isArray: boolean): Strings => ({ tokens: [], isArray, state: 0, hot: [], acrossLines: [] });

/** The strings of each open container of a document, as far as they may belong together. */
export class Groups {
  readonly #frames: Frame[] = [];

  open({ depth }: Path, isArray: boolean): void {
    this.#frames[depth] = { own: newStrings(isArray), pieces: isArray ? newStrings(true) : undefined };
  }

  /** The automaton's state from which a string is to be looked at. */
  stateBefore(path: Path): number {
    const own = this.#frames[path.depth - 1]?.own;
    return own?.isArray ? own.state : (this.#piecesOf(path)?.state ?? 0);
  }

  /**
   * @param saw the signs after the look at this string
   * @returns its position among the strings of its container
   */
  add(path: Path, token: Token, state: number, saw: Saw): number {
    const own = this.#frames[path.depth - 1]?.own;
    if (own !== undefined) addTo(own, token, state, saw);
    const pieces = this.#piecesOf(path);
    if (pieces !== undefined) addTo(pieces, token, state, saw);
    return own === undefined ? 0 : own.tokens.length - 1;
  }

  /** A credential was found in the latest string: what stands beside it may belong to it. */
  found(path: Path): void {
    const own = this.#frames[path.depth - 1]?.own;
    if (own !== undefined) heat(own);
  }

  /** The latest string may be base64 that goes on in the next. */
  encoded(path: Path): void {
    const own = this.#frames[path.depth - 1]?.own;
    if (own?.isArray) heat(own);
    const pieces = this.#piecesOf(path);
    if (pieces !== undefined) heat(pieces);
  }

  /** Credentials were found in strings of a container that ends, at these positions. */
  foundAt({ depth }: Path, positions: readonly number[]): void {
    const own = this.#frames[depth]?.own;
    if (own === undefined || positions.length === 0) return;
    own.hot = [...new Set([...own.hot, ...positions])].sort((a, b) => a - b);
  }

  /** The groups of a container that ends: the strings around each in which a sign of a secret was seen. */
  close({ depth }: Path): readonly Group[] {
    const frame = this.#frames[depth];
    this.#frames.length = depth;
    if (frame === undefined) return [];
    const { own, pieces } = frame;
    return pieces === undefined || pieces.hot.length === 0 ? groupsOf(own) : [...groupsOf(own), ...groupsOf(pieces)];
  }

  #piecesOf({ depth, segments }: Path): Strings | undefined {
    const own = segments[depth - 1];
    if (typeof own !== "string" || !PIECES.has(own)) return undefined;
    // A resource that a result embeds stands among its texts.
    return this.#frames[segments[depth - 2] === "resource" ? depth - 3 : depth - 2]?.pieces;
  }
}

function addTo(strings: Strings, token: Token, state: number, saw: Saw): void {
  strings.tokens.push(token);
  strings.state = state;
  const rules = saw.sawAcrossLines();
  if (rules.length > 0) strings.acrossLines.push({ at: strings.tokens.length - 1, rules });
  if (strings.isArray && saw.sawCredential()) heat(strings);
}

function heat({ hot, tokens }: Strings): void {
  const latest = tokens.length - 1;
  if (hot.at(-1) !== latest) hot.push(latest);
}

/** The strings around each hot one; what overlaps is one group. */
function groupsOf({ hot, tokens, isArray, acrossLines }: Strings): readonly Group[] {
  if (hot.length === 0 || tokens.length < 2) return [];
  const before = lengthsBefore(tokens);
  const lengthOf = (from: number, to: number) => (before[to] as number) - (before[from] as number);
  const groups: Group[] = [];
  let [start, end, from, to] = [0, 0, 0, 0];
  let next = 0;
  const close = () => {
    if (end - start < 2) return;
    const rules = new Set<number>();
    let firstAcross: number | undefined;
    for (; (acrossLines[next]?.at ?? end) < end; next += 1) {
      const signed = acrossLines[next];
      if (signed === undefined || signed.at < start) continue;
      firstAcross ??= signed.at - start;
      for (const rule of signed.rules) rules.add(rule);
    }
    groups.push({ tokens: tokens.slice(start, end), isArray, acrossLines: [...rules], firstAcross: firstAcross ?? 0 });
  };
  for (const at of hot) {
    while (at - from > FEWEST_AROUND && lengthOf(from, at) > AROUND) from += 1;
    to = Math.max(to, at + 1);
    while (to < tokens.length && (to - at <= FEWEST_AROUND || lengthOf(at + 1, to) < AROUND)) to += 1;
    if (from > end) {
      close();
      start = from;
    }
    end = to;
  }
  close();
  return groups;
}

/** By position: how long all strings before it are together. */
function lengthsBefore(tokens: readonly Token[]): Float64Array {
  const before = new Float64Array(tokens.length + 1);
  for (const [at, { length }] of tokens.entries()) before[at + 1] = (before[at] as number) + length;
  return before;
}
