import type { Span } from "./rule.ts";

/** How values are given names in text. */
export interface Assigned {
  /** Source of an expression of the words a name ends in; it is used without regard to case. */
  readonly words: string;
  /** Whether the whole name (with its prefix, such as `DB_PASSWORD`) stands for a secret. */
  readonly isName: (name: string) => boolean;
  /** Whether a value that stands there without quotes could be one; quoted values always are. */
  readonly isBareValue: (value: string) => boolean;
}

const SEPARATOR = `(["'\\\\]{0,4}[ \\t]{0,8}(?:=>|:=|[:=])[ \\t]{0,8}|[ \\t]{1,4})`;
const LONGEST_NAME = 64;
const LONGEST_QUOTED = 4096;
/** What stands after the colon where a value follows as a block. */
const BLOCK = /^[|>][+-]?[0-9]?$/;
const SCHEME = /^(?:Bearer|Basic|Token|Digest|Negotiate|ApiKey)[ \t]{1,4}/i;
/** What may stand before a name that has a line to itself: indentation, list marks, comments, shell words, an opening quote. */
const LINE_START = /(?:^|\n)[ \t#;>*-]{0,16}(?:export[ \t]{1,4}|set[ \t]{1,4}|ENV[ \t]{1,4})?["']?$/;

/** A finder for `name=value`, `name: value`, `"name": "value"` (escaped quotes too) and `--name value`. */
export function assignments(assigned: Assigned): (text: string) => Span[] {
  const expression = new RegExp(`(?:${assigned.words})${SEPARATOR}`, "gi");
  return (text) => {
    const spans: Span[] = [];
    expression.lastIndex = 0;
    for (let match = expression.exec(text); match; match = expression.exec(text)) {
      const separator = match[1] ?? "";
      const begin = beginOfName(text, match.index);
      const name = text.slice(begin, expression.lastIndex - separator.length);
      const isFlag = separator.trim() === "";
      if (!assigned.isName(name) || (isFlag && !name.startsWith("--"))) {
        expression.lastIndex -= separator.length;
        continue;
      }
      const line = valueAt(text, expression.lastIndex, !isFlag && startsLine(text, begin));
      const value = BLOCK.test(text.slice(line.start, line.end)) ? blockAfter(text, begin, line.end) : line;
      if (value.end > value.start && (value.quoted || assigned.isBareValue(text.slice(value.start, value.end))))
        spans.push({ start: value.start, end: value.end });
      expression.lastIndex = Math.max(expression.lastIndex, value.end);
    }
    return spans;
  };
}

function beginOfName(text: string, at: number): number {
  let begin = at;
  while (begin > 0 && at - begin < LONGEST_NAME && /[A-Za-z0-9_.-]/.test(text.charAt(begin - 1))) begin -= 1;
  return begin;
}

/** YAML's block scalar: the lines after the name that are indented deeper than it. */
function blockAfter(text: string, name: number, headerEnd: number): Span & { readonly quoted: true } {
  const depth = name - (text.lastIndexOf("\n", name) + 1);
  const lines = new RegExp(`(?:\\r?\\n(?:[ \\t]{${depth + 1}}[^\\n]*|[ \\t]*(?=\\r?\\n)))+`, "y");
  lines.lastIndex = headerEnd;
  const block = lines.exec(text)?.[0] ?? "";
  return {
    start: headerEnd + block.length - block.trimStart().length,
    end: headerEnd + block.trimEnd().length,
    quoted: true,
  };
}

function startsLine(text: string, begin: number): boolean {
  const from = Math.max(0, begin - 32);
  // Where the slice does not begin the text, its own beginning must not pass for the beginning of a line.
  return LINE_START.test((from === 0 ? "" : "x") + text.slice(from, begin));
}

function valueAt(text: string, at: number, wholeLine: boolean): Span & { readonly quoted: boolean } {
  const delimiter = /^\\{0,7}["'`]/.exec(text.slice(at, at + 8))?.[0];
  if (delimiter) {
    const start = at + delimiter.length;
    const end = closing(text, start, delimiter);
    if (end !== -1) return { start, end, quoted: true };
    return { start, end: bareEnd(text, start, true), quoted: true };
  }
  const start = at + (SCHEME.exec(text.slice(at, at + 16))?.[0].length ?? 0);
  return { start, end: bareEnd(text, start, wholeLine), quoted: false };
}

function closing(text: string, start: number, delimiter: string): number {
  const window = text.slice(start, start + LONGEST_QUOTED);
  if (delimiter.length > 1) {
    const end = window.indexOf(delimiter);
    return end === -1 ? -1 : start + end;
  }
  for (let at = 0; at < window.length; at += 1) {
    if (window[at] === "\\") at += 1;
    else if (window[at] === delimiter) return start + at;
  }
  return -1;
}

function bareEnd(text: string, start: number, wholeLine: boolean): number {
  const stop = wholeLine ? /[\r\n]/g : /[\s,;&)}"'`<>|\\]/g;
  stop.lastIndex = start;
  let end = stop.exec(text)?.index ?? text.length;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return end;
}
