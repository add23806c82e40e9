import { Path } from "./path.ts";

/** A leaf's place in the source text; a string's token includes its quotes. */
export interface Token {
  readonly kind: "string" | "number" | "boolean" | "null";
  readonly offset: number;
  readonly length: number;
  /** Whether a string holds a backslash, so that source and value differ. */
  readonly escaped: boolean;
}

/** What a walk tells. Each may throw to stop it. */
export interface Visitor {
  /** A container begins; the path is its own. */
  readonly open?: (path: Path, isArray: boolean) => void;
  /** A container ends; the path is its own. */
  readonly close?: (path: Path) => void;
  /** A member name, decoded; the path already ends in it. The token is that of the name. */
  readonly key?: (name: string, path: Path, token: Token) => void;
  readonly leaf?: (token: Token, path: Path) => void;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Walks the tokens of a JSON text in order, in linear time, without recursion: depth costs no stack.
 *
 * @param text JSON that `JSON.parse` has accepted; for any other text the tokens mean nothing
 */
export function walk(text: string, visitor: Visitor): void {
  const path = new Path();
  const segments = path.segments;
  let backslash = text.indexOf("\\");
  let nameIsNext = false;
  let at = 0;

  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      if (backslash !== -1 && backslash < at) backslash = text.indexOf("\\", at);
      let close = text.indexOf('"', at + 1);
      const escaped = backslash !== -1 && backslash < close;
      if (escaped) while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
      if (nameIsNext) {
        const name = escaped ? (JSON.parse(text.slice(at, close + 1)) as string) : text.slice(at + 1, close);
        segments[segments.length - 1] = name;
        visitor.key?.(name, path, { kind: "string", offset: at, length: close + 1 - at, escaped });
        nameIsNext = false;
      } else visitor.leaf?.({ kind: "string", offset: at, length: close + 1 - at, escaped }, path);
      at = close + 1;
    } else if (code === COMMA) {
      const last = segments.length - 1;
      const segment = segments[last];
      if (typeof segment === "number") segments[last] = segment + 1;
      else nameIsNext = true;
      at += 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      visitor.open?.(path, code === OPEN_ARRAY);
      segments.push(code === OPEN_OBJECT ? "" : 0);
      nameIsNext = code === OPEN_OBJECT;
      at += 1;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      segments.pop();
      visitor.close?.(path);
      nameIsNext = false;
      at += 1;
    } else if (code <= 0x20 || code === 0x3a) at += 1;
    else {
      const end = endOfWord(text, at);
      visitor.leaf?.({ kind: kindOfWord(code), offset: at, length: end - at, escaped: false }, path);
      at = end;
    }
  }
}

/** A quote is escaped when an odd number of backslashes stands before it. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1;
  while (text.charCodeAt(before) === 0x5c) before -= 1;
  return (quote - before) % 2 === 0;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_ARRAY || code === CLOSE_OBJECT || code <= 0x20) break;
    at += 1;
  }
  return at;
}

const kindOfWord = (code: number) => (code === 0x74 || code === 0x66 ? "boolean" : code === 0x6e ? "null" : "number");
