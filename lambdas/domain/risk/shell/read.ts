import {
  type Assignment,
  type Command,
  forEachChild,
  type HereDoc,
  type Pipeline,
  parse,
  type Redirection,
  type SyntaxNode,
} from "unbash";
import type { ShellConstruct } from "../../../../lib/config/risks.ts";
import { mayParse, type Work } from "../work.ts";
import { baseName } from "./command-pattern.ts";
import { downloadedBy } from "./downloads.ts";
import { printed } from "./printed.ts";
import { innerOf, isInterpreter, isShell, readsSql, runsItsInput } from "./unwrap.ts";
import { type Resolved, resolve, type Variables } from "./word.ts";

/** Part of the source: of what runs inside another command, that command. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a script does, as far as it can be read without running it. */
export interface ShellReading {
  readonly commands: readonly (Span & { readonly words: readonly string[] })[];
  readonly writes: readonly (Span & { readonly target: string })[];
  readonly constructs: readonly (Span & { readonly construct: ShellConstruct })[];
  readonly statements: readonly (Span & { readonly text: string })[];
  /** Whether all of it was read. */
  readonly complete: boolean;
}

const DEEPEST = 6;
const MOST_SCRIPTS = 100;
const LONGEST_SCRIPT = 131_072;
/** Parentheses and `${` that stand open at once. */
const DEEPEST_SCRIPT = 150;
/** Here-documents, each of which is looked for in all that follows. */
const MOST_DOCUMENTS = 500;
const MOST_NODES = 20_000;

/** Reads a script as bash does, and what its commands run in their turn. */
export function readShell(source: string, work: Work): ShellReading {
  const reader = new Reader(work);
  reader.script(source, undefined, 0);
  return reader;
}

/** Reads a command whose words are known already: `{ "command": "rm", "args": ["-rf", "/"] }`. */
export function readCommand(words: readonly string[], work: Work): ShellReading {
  const reader = new Reader(work);
  reader.run({ words, known: true }, { start: 0, end: 0 }, 0);
  return reader;
}

class Reader implements ShellReading {
  readonly commands: (Span & { words: readonly string[] })[] = [];
  readonly writes: (Span & { target: string })[] = [];
  readonly constructs: (Span & { construct: ShellConstruct })[] = [];
  readonly statements: (Span & { text: string })[] = [];
  complete = true;
  private readonly work: Work;
  private scripts = 0;
  private nodes = 0;
  private readonly variables: Variables = new Map();
  /** Names of the files that the script itself writes or fetches. */
  private readonly written = new Set<string>();

  constructor(work: Work) {
    this.work = work;
  }

  /** @param outer the command that runs this script; undefined for the text itself */
  script(source: string, outer: Span | undefined, depth: number): void {
    this.scripts += 1;
    if (
      depth > DEEPEST ||
      this.scripts > MOST_SCRIPTS ||
      source.length > LONGEST_SCRIPT ||
      !isShallow(source) ||
      !mayParse(source, this.work)
    ) {
      this.complete = false;
      return;
    }
    // The shell drops a carriage return's and a zero byte's effect in its own ways; a reader must not stumble there.
    const script = parse(source.replaceAll("\r\n", " \n").replaceAll("\0", " "));
    if (script.errors !== undefined && script.errors.length > 0) this.complete = false;
    for (const node of script.commands) this.visit(node, outer, depth);
  }

  private visit(node: SyntaxNode, outer: Span | undefined, depth: number): void {
    this.nodes += 1;
    if (this.nodes > MOST_NODES || depth > 60) {
      this.complete = false;
      return;
    }
    const span = outer ?? { start: node.pos, end: node.end };
    if (node.type === "Pipeline") this.pipeline(node, span, depth);
    if (node.type === "Command") this.command(node, span, depth);
    if (node.type === "Redirected") this.redirections(node.redirects, span);
    if (node.type === "Script" && "errors" in node && node.errors) this.complete = false;
    forEachChild(node, (child) => this.visit(child, outer, depth + 0.05));
  }

  private command(node: Command, span: Span, depth: number): void {
    for (const part of node.prefix)
      if (part.type === "Assignment" && part.value.type === "Word") {
        const { words, known } = resolve(part.value, this.variables);
        const value = `${part.append ? (this.variables.get(part.name) ?? "") : ""}${words.join(" ")}`;
        if (known && value.length < LONGEST_SCRIPT) this.variables.set(part.name, value);
        else this.variables.delete(part.name);
        this.commands.push({ ...span, words: ["export", `${part.name}=${value}`] });
      }
    this.redirections(node.redirects, span);
    if (!node.name) return;
    const name = resolve(node.name, this.variables);
    const rest = node.args.map((part) =>
      part.type === "Word" ? resolve(part, this.variables).words : [this.assigned(part)],
    );
    const words = [...name.words, ...rest.flat()];
    // What prints the name of its program is told from one that names it: nobody writes `$(echo rm)` without a reason.
    const isPrinted = node.name.parts?.some(({ type }) => type === "CommandExpansion") ?? false;
    this.run({ words, known: name.known && !isPrinted && name.words[0] !== "" }, span, depth);
    if (words[0] === "set" && words.includes("--")) {
      const positional = words.slice(words.indexOf("--") + 1);
      for (const every of ["@", "*"]) this.variables.set(every, positional.join(" "));
      for (const [at, word] of positional.slice(0, 9).entries()) this.variables.set(String(at + 1), word);
    }
    if (isShell(words[0] ?? "") || runsItsInput(words) || /^(?:\.|source)$/.test(words[0] ?? ""))
      this.input(node.redirects, span, depth);
    else if (layersOf(words).some((layer) => readsSql(layer))) this.sqlInput(node.redirects, span);
    else if (
      layersOf(words).some(isSsh) &&
      node.redirects.some(({ type, operator }) => type === "Redirect" && operator === "<")
    )
      this.constructs.push({ ...span, construct: "pipe-to-host" });
    if (rest.flat().some((word) => word.startsWith("<(")) && /^(?:\.|source)$|sh$/.test(words[0] ?? ""))
      this.constructs.push({ ...span, construct: "pipe-to-interpreter" });
  }

  /** `alias x='rm -rf'` without its quotes. */
  private assigned({ name, value, text }: Assignment): string {
    return value.type === "Word" ? `${name}=${resolve(value, this.variables).words.join(" ")}` : text;
  }

  /** One command and, layer by layer, what it runs. */
  run({ words, known }: Resolved, span: Span, depth: number): void {
    if (words.length === 0) return;
    if (!known) this.constructs.push({ ...span, construct: "unknown-command" });
    this.commands.push({ ...span, words });
    for (const target of writtenBy(words)) this.writes.push({ ...span, target });
    if (runsOneOf(words, this.written)) this.constructs.push({ ...span, construct: "run-what-was-written" });
    for (const file of baseName(words[0] ?? "") === "tee" ? writtenBy(words) : downloadedBy(words))
      this.written.add(lastOf(file));
    if (depth > DEEPEST) {
      this.complete = false;
      return;
    }
    for (const inner of innerOf(words)) {
      if (inner.kind === "command")
        this.run({ words: inner.words, known: !isExpansion(inner.words[0]) }, span, depth + 1);
      else if (inner.kind === "sql") this.statements.push({ ...span, text: inner.text });
      else if (/^\s*[$`]/.test(inner.text)) this.constructs.push({ ...span, construct: "unknown-command" });
      else this.script(inner.text, span, depth + 1);
    }
  }

  /** What is piped into an interpreter is run by it. */
  private pipeline({ commands }: Pipeline, span: Span, depth: number): void {
    commands.forEach((node, at) => {
      if (at === 0 || node.type !== "Command" || !node.name) return;
      const words = [node.name, ...node.args].flatMap((part) =>
        part.type === "Assignment" ? [part.text] : resolve(part, this.variables).words,
      );
      const layers = layersOf(words);
      const before = this.printedBy(commands[at - 1]);
      if (layers.some((layer) => readsSql(layer))) {
        if (before !== undefined) this.statements.push({ ...span, text: before });
      } else if (layers.some(runsItsInput)) {
        this.constructs.push({ ...span, construct: "pipe-to-interpreter" });
        if (before !== undefined) this.script(before, span, depth + 1);
      } else if (layers.some(isSsh) && before === undefined)
        this.constructs.push({ ...span, construct: "pipe-to-host" });
    });
  }

  /** What a command prints of its own words. */
  private printedBy(node: Pipeline["commands"][number] | undefined): string | undefined {
    if (node?.type !== "Command" || !node.name) return undefined;
    const words = [node.name, ...node.args].flatMap((part) =>
      part.type === "Word" ? resolve(part, this.variables).words : [part.text],
    );
    return printed(words) ?? (words[0] === "printf" ? words.slice(1).join(" ") : undefined);
  }

  /** A here-document or here-string of a database's client is statements. */
  private sqlInput(redirections: readonly Redirection[], span: Span): void {
    for (const redirection of redirections) {
      if (redirection.type === "HereDoc") this.statements.push({ ...span, text: bodyOf(redirection) });
      if (redirection.type === "HereString" && redirection.target)
        this.statements.push({ ...span, text: resolve(redirection.target, this.variables).words.join(" ") });
    }
  }

  /** A here-document or here-string of a shell is a script. */
  private input(redirections: readonly Redirection[], span: Span, depth: number): void {
    for (const redirection of redirections) {
      if (redirection.type === "HereDoc") this.script(bodyOf(redirection), span, depth + 1);
      if (redirection.type === "HereString" && redirection.target) {
        const { words, known } = resolve(redirection.target, this.variables);
        if (known) this.script(words.join(" "), span, depth + 1);
        else this.constructs.push({ ...span, construct: "unknown-command" });
      }
    }
  }

  private redirections(redirections: readonly Redirection[], span: Span): void {
    for (const redirection of redirections)
      if (redirection.type === "Redirect" && redirection.operator.includes(">") && redirection.target)
        for (const target of resolve(redirection.target, this.variables).words) {
          this.writes.push({ ...span, target });
          if (!target.startsWith("/dev/")) this.written.add(lastOf(target));
        }
  }
}

/** Whether the parser can take it: what opens scripts in scripts costs it more than it is long. */
function isShallow(source: string): boolean {
  let depth = 0;
  let documents = 0;
  for (const [part] of source.matchAll(/\(|\$\{|\)|\}|<</g)) {
    if (part === "<<") documents += 1;
    else depth += part === ")" || part === "}" ? -1 : 1;
    if (depth > DEEPEST_SCRIPT || documents > MOST_DOCUMENTS) return false;
    if (depth < 0) depth = 0;
  }
  return true;
}

/** The files that a command names to write them. */
function writtenBy([program = "", ...rest]: readonly string[]): readonly string[] {
  const operands = rest.filter((word) => !word.startsWith("-"));
  const name = baseName(program);
  return name === "tee" ? operands : /^(?:cp|mv|install|ln)$/.test(name) ? operands.slice(1).slice(-1) : [];
}

/** `sh x`, `. x`, `./x`, of one of these files; a plain word names a program of the path. */
function runsOneOf([program = "", ...rest]: readonly string[], files: ReadonlySet<string>): boolean {
  if (files.size === 0) return false;
  if (program.includes("/") && files.has(lastOf(program))) return true;
  if (!isInterpreter(program) && !/^(?:\.|source)$/.test(program)) return false;
  const file = rest.find((word) => !word.startsWith("-"));
  return file !== undefined && files.has(lastOf(file));
}

const lastOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);
const isSsh = ([program = ""]: readonly string[]) => baseName(program) === "ssh";
const bodyOf = ({ body }: HereDoc) => body.text;
const isExpansion = (word: string | undefined) => word !== undefined && /^[$`]/.test(word);

/** A command, and the commands that it runs: `sudo -u x sh`. */
function layersOf(words: readonly string[]): readonly (readonly string[])[] {
  const layers = [words];
  for (let at = 0; at < layers.length && at < DEEPEST; at += 1)
    for (const inner of innerOf(layers[at] ?? [])) if (inner.kind === "command") layers.push(inner.words);
  return layers;
}
