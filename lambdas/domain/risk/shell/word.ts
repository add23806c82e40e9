import type { ParsedScript, Redirection, Word, WordPart } from "unbash";
import { mayExpand, type Work } from "../work.ts";
import { printed } from "./printed.ts";

/** What the variables of a script hold, as far as it says so itself. */
export class Variables extends Map<string, string> {
  /** What their texts are charged to. */
  readonly work: Work;

  constructor(work: Work) {
    super();
    this.work = work;
  }
}

/** A word as the shell would run it: `known` is false where it depends on what only a run can tell. */
export interface Resolved {
  readonly words: readonly string[];
  readonly known: boolean;
}

/** Stands between words that one word of the source becomes: `rm${IFS}-rf`. */
const BREAK = "\u0001";
/** Hold a path or a name wherever a script runs. */
const AMBIENT: ReadonlySet<string> = new Set(["HOME", "PWD", "TMPDIR", "USER", "LOGNAME", "HOSTNAME"]);
const MOST_RESOLVED = 65_536;

/** Quotes removed, simple variables put in, `{a,b}` spread out. */
export function resolve(word: Word, variables: Variables): Resolved {
  const seen = { known: true };
  if (variables.work.exhausted) return { words: [word.text.slice(0, MOST_RESOLVED)], known: false };
  const text =
    word.parts === undefined ? word.value : word.parts.map((part) => textOf(part, variables, false, seen)).join("");
  mayExpand(text.length, variables.work);
  const words = text
    .slice(0, MOST_RESOLVED)
    .split(BREAK)
    .filter((one, _, all) => one !== "" || all.length === 1);
  return { words, known: seen.known && text.length <= MOST_RESOLVED };
}

function textOf(part: WordPart, variables: Variables, quoted: boolean, seen: { known: boolean }): string {
  const unknown = () => {
    seen.known = false;
    return part.text;
  };
  if (variables.work.exhausted) return unknown();
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return part.value;
    case "DoubleQuoted":
    case "LocaleString":
      return part.parts.map((inner) => textOf(inner, variables, true, seen)).join("");
    case "SimpleExpansion":
      return heldBy(part.text.slice(1), variables, quoted) ?? unknown();
    case "ParameterExpansion": {
      if (part.prefix !== undefined || part.index !== undefined) return unknown();
      const value = heldBy(part.parameter, variables, quoted);
      if (part.operation === undefined) return value ?? unknown();
      if (part.operation.type !== "Default" || !part.operation.operator.endsWith("-") || value) return unknown();
      const fallback = resolve(part.operation.operand, variables);
      return fallback.known ? fallback.words.join(BREAK) : unknown();
    }
    case "BraceExpansion": {
      const inner = part.text.slice(1, -1);
      return /[{}$`'"\\]|\.\./.test(inner) ? unknown() : inner.replaceAll(",", BREAK);
    }
    case "CommandExpansion": {
      const text = printedBy(part.script, variables);
      return text === undefined ? unknown() : quoted ? text : text.replace(/\s+/g, BREAK);
    }
    default:
      return unknown();
  }
}

/** What `$(echo rm)` becomes: a command that does nothing but print what stands there. */
function printedBy(script: ParsedScript | undefined, variables: Variables): string | undefined {
  const [statement, ...others] = script?.commands ?? [];
  const node = statement?.type === "Statement" ? statement.command : undefined;
  if (others.length > 0 || node?.type !== "Command") return undefined;
  if (node.redirects.length > 0) {
    const text = documentOf(node.redirects, variables);
    return text !== undefined && node.name?.text === "cat" && node.args.length === 0
      ? withoutLineEnds(text)
      : undefined;
  }
  const parts = [node.name, ...node.args].map((word) => (word?.type === "Word" ? resolve(word, variables) : undefined));
  if (parts.some((part) => !part?.known)) return undefined;
  const text = printed(parts.flatMap((part) => part?.words ?? []));
  return text === undefined ? undefined : withoutLineEnds(text);
}

/** The here-document or here-string among redirections; the last is what is read. */
export function documentOf(redirections: readonly Redirection[], variables: Variables): string | undefined {
  const last = redirections.findLast(({ type }) => type === "HereDoc" || type === "HereString");
  if (last?.type === "HereDoc") return last.body.text;
  if (last?.type !== "HereString" || !last.target) return undefined;
  const { words, known } = resolve(last.target, variables);
  return known ? words.join(" ") : undefined;
}

/** Not an expression: one takes the square of the lines that no end follows. */
function withoutLineEnds(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\n") end -= 1;
  return text.slice(0, end);
}

/** Positional parameters hold nothing in a script that comes as text: `r$@m` is `rm`. */
function heldBy(name: string, variables: Variables, quoted: boolean): string | undefined {
  if (/^[@*1-9]$/.test(name) && !variables.has(name)) return "";
  // With separators of its own a script splits words in ways that are not followed.
  if (!quoted && variables.has("IFS")) return undefined;
  const value = variables.get(name) ?? (name === "IFS" ? " " : AMBIENT.has(name) ? `/${name}` : undefined);
  if (value !== undefined && !mayExpand(value.length, variables.work)) return undefined;
  return value === undefined || quoted ? value : value.replace(/\s+/g, BREAK);
}
