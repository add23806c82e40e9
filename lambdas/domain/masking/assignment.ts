import type { Span } from "./rule.ts";
import { SEPARATOR } from "./separator.ts";
import { plainly } from "./spelling.ts";

/** How a value follows its name. */
export type Manner =
  /** `name=value`, `name: value`, `"name" => "value"`, `<name>value</name>` and their like. */
  | "assigned"
  /** `--name value`, `-Name value`. */
  | "flag"
  /** `("name", "value")`, `setName("value")`, `PASSWORD 'value'`: the value is always quoted. */
  | "beside"
  /** `the name is value`; a row of a table. */
  | "told"
  /** `with name value`: nothing but its place says that it is one. */
  | "said";

/** A value with what tells whether it is one. */
export interface Value {
  readonly text: string;
  readonly quoted: boolean;
  readonly manner: Manner;
  /** The whole name, with its prefix, such as `DB_PASSWORD`. */
  readonly name: string;
  /** The character after it. */
  readonly next: string;
  /** Whether blanks stand around the sign of assignment, as in code and not in shells. */
  readonly spaced: boolean;
}

/** How values are given names in text. */
export interface Assigned {
  /** Source of an expression of the words a name ends in; it is used without regard to case. */
  readonly words: string;
  /** Global: literals of which one stands in each of the words, in its first `LEAD` characters. They are sought first. */
  readonly anchor: RegExp;
  /** Whether the whole name stands for a secret. */
  readonly isName: (name: string) => boolean;
  readonly isValue: (value: Value) => boolean;
}

/** What may follow a word and leave it the same name: `password1`, `token_prod`. */
const SUFFIX =
  "(?:[_-]?[0-9]{1,2}|[_-](?:prod|dev|test|staging|live|old|new|value|plain|text|base|base64|b64|hash(?=\\())){0,1}(?![A-Za-z0-9])";
const LONGEST_NAME = 64;
/** Longer than any of the words with what may follow it. */
const WORD = 64;
const LEAD = 32;
const LONGEST_PROMPT = 160;
const FIRST_OF_MORE = /^(?:"[^"\r\n]{0,128}"|'[^'\r\n]{0,128}')[ \t]?,/;
/** `user, password = split(…)`: names of code, and no more on the line before. */
const UNPACKED = /(?:^|\n)[ \t]{0,32}[A-Za-z_]\w{0,40}(?:, [A-Za-z_]\w{0,40}){0,6}, $/;
const LONGEST_QUOTED = 8192;
const LONGEST_BARE = 8192;
/** What stands after the colon where a value follows as a block. */
const HEREDOC = /^<<[~-]?["']?([A-Za-z_]{1,32})["']?$/;
const BLOCK = /^[|>][+-]?[0-9]?$/;
const SCHEME = /^(?:Bearer|Basic|Token|Digest|Negotiate|ApiKey)[ \t]{1,4}/i;
const PAIR_AFTER = /^\S{1,1024}(?= [A-Za-z_][\w.-]{0,32}=\S)/;
const COMMAND_AFTER = /^(?:\$[A-Za-z_{]\S{0,64}(?= [a-z])|\S{1,512}(?= [a-z][\w./-]{0,24} (?:\S{1,64} )?--?[A-Za-z]))/;
const SENTENCE_AFTER = /^[A-Za-z0-9+/=_.-]{20,1024}(?=[ \t]+[A-Za-z(])/;
const FORM_AFTER = /^[^\s&]{1,1024}(?=&[A-Za-z_][\w.-]{0,32}=\S)/;
/** Letters that languages put before a quote. */
const STRING_PREFIX =
  /^(?:[rbufLN@$]{1,2}|String\.raw|(?:new )?String(?:::from)?\(|\[\]byte\(|Buffer\.from\(|(?:MD5|SHA[12]?|PASSWORD|crypt|ENCRYPT)\(|(?:os\.getenv|os\.environ\.get|getenv|env|config|ENV\.fetch|(?:System\.)?getProperty)\(["'][\w.-]{1,48}["'],[ ]?)(?=["'`])/i;
/** What may stand before a name that has a line to itself: indentation, list marks, comments, shell words, an opening quote. */
const LINE_START = /(?:^|\n)[ \t#;>*-]{0,16}(?:(?:export|set|setx|ENV|SetEnv|fastcgi_param)[ \t]{1,4})?["']?$/;
/** `getPassword("…")` is given a key, `setPassword("…")` the thing itself. */
const TAKES_VALUE = /(?:^|[.>_-])(?:set|with|put|add|use)?[_-]?[A-Za-z]{0,24}$/;
const GIVES_VALUE =
  /(?:get|find|fetch|read|load|validate|decode|parse|split|create|generate|by|is|has)[A-Z_]?[A-Za-z]*$/;

/** A finder of values by the names that text gives them, in the manners of configuration, code, shells, markup and prose. */
export function assignments({ words, anchor, isName, isValue }: Assigned): (text: string) => Span[] {
  const expression = new RegExp(`(?:${words})${SUFFIX}`, "gi");
  const nameFrom = (text: string, from: number): RegExpExecArray | null => {
    for (let at = from; ; at += 1) {
      anchor.lastIndex = at;
      const near = anchor.exec(text)?.index;
      if (near === undefined) return null;
      expression.lastIndex = Math.max(from, near - LEAD);
      const name = expression.exec(text.slice(0, near + 2 * WORD));
      if (name) return name;
      // A word that begins up to here would have ended within what was looked at.
      at = near + WORD / 2;
    }
  };
  return (written) => {
    const text = plainly(written);
    const spans: Span[] = [];
    for (let match = nameFrom(text, 0); match; match = nameFrom(text, expression.lastIndex)) {
      const end = expression.lastIndex;
      const begin = beginOfName(text, match.index);
      const name = text.slice(begin, end);
      if (!isName(name)) continue;
      const found = valueAfter(text, begin, end, name);
      if (!found) continue;
      if (found.end > found.start && isValue(found.value)) {
        spans.push({ start: found.start, end: found.end });
        expression.lastIndex = Math.max(end, found.end);
      } else expression.lastIndex = Math.max(end, found.from);
    }
    return spans;
  };
}

function valueAfter(text: string, begin: number, nameEnd: number, name: string) {
  SEPARATOR.lastIndex = nameEnd;
  const separator = SEPARATOR.exec(text);
  if (!separator) return undefined;
  const {
    label,
    block,
    attributes,
    typed,
    assign,
    element: plain,
    beside,
    told,
    cell,
    flag,
    entered,
  } = separator.groups ?? {};
  // `${PASSWORD:-…}` has a default, `${PASSWORD:?…}` a complaint.
  const expands = assign === ":" && text.slice(Math.max(0, begin - 2), begin) === "${";
  if (expands && /[?+]/.test(text.charAt(SEPARATOR.lastIndex))) return undefined;
  const from = SEPARATOR.lastIndex + (expands && text.charAt(SEPARATOR.lastIndex) === "-" ? 1 : 0);
  const element = plain ?? attributes;
  // A mask of ours, `[PASSWORD]`, is no name; nor is a part of `arn:aws:secretsmanager:…:secret:name`.
  const [before, after] = [text.charAt(begin - 1), text.charAt(nameEnd)];
  if ((before === "[" && after === "]") || (before === ":" && after === ":")) return undefined;
  // `https://x-access-token:…@host`: the rule of URLs knows where that ends.
  if (assign === ":" && text.slice(Math.max(0, begin - 2), begin) === "//") return undefined;
  const lineBegin = startsLine(text, begin);
  const manner: Manner =
    beside !== undefined || entered !== undefined ? "beside" : told || cell ? "told" : flag ? "flag" : "assigned";
  const dashed =
    name.startsWith("-") ||
    (before === ":" && name.startsWith("_")) ||
    (lineBegin && /(?:ENV|SetEnv|setx|fastcgi_param)[ \t]{1,4}$/.test(text.slice(Math.max(0, begin - 18), begin)));
  const said = flag !== undefined && !dashed;
  if (cell && !/\|[ \t*`]{1,10}$/.test(text.slice(Math.max(0, begin - 12), begin))) return undefined;
  if (beside?.startsWith("(") && ((GIVES_VALUE.test(name) && !/hash$/i.test(name)) || !TAKES_VALUE.test(name)))
    return undefined;
  if (beside?.includes(",") && /[:/@]/.test(before)) return undefined;
  // `add_password("realm", uri, …)`: what it takes first is no password.
  if (
    beside?.startsWith("(") &&
    /(?:^|[._])(?:add|put)[_-]?[A-Za-z]*$/.test(name) &&
    FIRST_OF_MORE.test(text.slice(from, from + 160))
  )
    return undefined;
  if (assign && isPrompt(text, begin, from, separator[0])) return undefined;
  if (element && !/[<"'/:]/.test(text.charAt(begin - 1)) && !name.includes(":")) return undefined;
  const wholeLine = assign !== undefined && lineBegin;
  let span = element ? elementAt(text, from) : valueAt(text, from, wholeLine);
  if (!element && BLOCK.test(text.slice(span.start, span.end))) span = blockAfter(text, begin, span.end);
  const heredoc = span.quoted ? undefined : HEREDOC.exec(text.slice(span.start, span.end))?.[1];
  if (heredoc !== undefined) span = heredocAfter(text, span.end, heredoc);
  // `PASSWORD=`pass show db``: a shell runs it.
  if (assign === "=" && text.charAt(span.start - 1) === "`" && /\s/.test(text.slice(span.start, span.end)))
    return undefined;
  if (wholeLine && !span.quoted && assign === "=")
    span = { ...span, end: span.start + alone(text.slice(span.start, span.end)) };
  if (!span.quoted && assign && UNPACKED.test(text.slice(Math.max(0, begin - 240), begin))) return undefined;
  // `"…password","engine":"mysql"`: what stands beside it is the next name.
  if (beside?.includes(",") && /^\\{0,7}["'`][ \t]?:(?!:)/.test(text.slice(span.end, span.end + 12))) return undefined;
  const value: Value = {
    text: text.slice(span.start, span.end),
    quoted: span.quoted,
    manner: said ? "said" : manner,
    name,
    next: text.charAt(span.end),
    spaced: label !== undefined || block !== undefined || typed !== undefined || /[ \t]/.test(separator[0]),
  };
  return { start: span.start, end: span.end, from, value };
}

/** `input("Password: ")`: the quote after the name closes what one before it opened. */
function isPrompt(text: string, begin: number, from: number, separator: string): boolean {
  const quote = text.charAt(from);
  if ((quote !== '"' && quote !== "'") || /["'`]/.test(separator)) return false;
  let isOpen = false;
  for (let at = begin - 1; at >= 0 && begin - at < LONGEST_PROMPT && text.charAt(at) !== "\n"; at -= 1)
    if (text.charAt(at) === quote && text.charAt(at - 1) !== "\\") isOpen = !isOpen;
  return isOpen;
}

type Found = Span & { readonly quoted: boolean };

function beginOfName(text: string, at: number): number {
  let begin = at;
  while (begin > 0 && at - begin < LONGEST_NAME && /[A-Za-z0-9_.$-]/.test(text.charAt(begin - 1))) begin -= 1;
  return begin;
}

/** YAML's block scalar: the lines after the name that are indented deeper than it. */
function blockAfter(text: string, name: number, headerEnd: number): Found {
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

/** The lines after the name, up to one with that word alone. */
function heredocAfter(text: string, from: number, word: string): Found {
  const window = text.slice(from, from + LONGEST_QUOTED);
  const end = window.search(new RegExp(`\\r?\\n[ \\t]*${word}(?![\\w])`));
  const body = window.slice(0, end === -1 ? 0 : end);
  return { start: from + body.length - body.trimStart().length, end: from + body.length, quoted: true };
}

/** How much of a line is its value: `PGPASSWORD=… psql -h db`, `client_secret=…&grant_type=…` have more than that. */
function alone(line: string): number {
  const first = COMMAND_AFTER.exec(line) ?? PAIR_AFTER.exec(line) ?? FORM_AFTER.exec(line) ?? SENTENCE_AFTER.exec(line);
  return first?.[0].length ?? line.length;
}

function startsLine(text: string, begin: number): boolean {
  const from = Math.max(0, begin - 32);
  // Where the slice does not begin the text, its own beginning must not pass for the beginning of a line.
  return LINE_START.test((from === 0 ? "" : "x") + text.slice(from, begin));
}

function elementAt(text: string, start: number): Found {
  const window = text.slice(start, start + LONGEST_BARE);
  const close = window.indexOf("<");
  const cdata = window.startsWith("<![CDATA[");
  if (cdata) {
    const end = window.indexOf("]]>");
    return { start: start + 9, end: end === -1 ? start + window.length : start + end, quoted: true };
  }
  return { start, end: close === -1 || window.charAt(close + 1) !== "/" ? start : start + close, quoted: true };
}

function valueAt(text: string, at: number, wholeLine: boolean): Found {
  const begin = at + (STRING_PREFIX.exec(text.slice(at, at + 96))?.[0].length ?? 0);
  const delimiter = /^\\{0,7}(?:"""|'''|["'`])/.exec(text.slice(begin, begin + 10))?.[0];
  if (delimiter && !(delimiter.length === 3 && text.charAt(begin + 3) === "")) {
    const start = begin + delimiter.length;
    const end = closing(text, start, delimiter);
    const scheme = SCHEME.exec(text.slice(start, start + 16))?.[0].length ?? 0;
    if (end !== -1) return { start: start + (start + scheme < end ? scheme : 0), end, quoted: true };
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
  // `password:   # required`
  if (wholeLine && /^#(?:\s|$)/.test(text.slice(start, start + 2))) return start;
  const stop = wholeLine ? /[\r\n]| #/g : /[\s,;&)}"'`<>|\\]/g;
  stop.lastIndex = start;
  let end = stop.exec(text)?.index ?? text.length;
  // `Password=your(!)Strong;`: a bracket that opens and closes inside a word is part of it; of a call it is the end.
  if (
    text.charAt(end) === ")" &&
    /^[^()]{1,64}\([^()]{1,16}$/.test(text.slice(start, end)) &&
    /[\w!#$%&*]/.test(text.charAt(end + 1))
  )
    end = stop.exec(text)?.index ?? text.length;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return end;
}
