import {
  type Assignment,
  type Command,
  forEachChild,
  type Pipeline,
  parse,
  type Redirection,
  type SyntaxNode,
} from "unbash";
import { mayParse, type Work } from "../work.ts";
import { baseName } from "./command-pattern.ts";
import { downloadedBy } from "./downloads.ts";
import { type Fed, fedBy } from "./fed.ts";
import { isInterpreter, isShell, runsItsInput, sources } from "./interpreters.ts";
import { outputOf } from "./output.ts";
import { Reading, type ShellReading, type Span } from "./reading.ts";
import { isShallow } from "./shallow.ts";
import { spreadBy } from "./spread.ts";
import { readsSql } from "./sql-clients.ts";
import { innerOf } from "./unwrap.ts";
import { type Resolved, resolve, Variables } from "./word.ts";
import { lastOf, runsOneOf, writtenBy } from "./writes.ts";

const DEEPEST = 6;
const MOST_SCRIPTS = 100;
const LONGEST_SCRIPT = 131_072;
const MOST_NODES = 200_000;
/** Of longer commands the characters that are left are few runs' worth, and to compare them costs more than to run them. */
const MOST_REMEMBERED_WORDS = 256;

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

class Reader extends Reading {
  private scripts = 0;
  private nodes = 0;
  private readonly variables: Variables;
  private readonly functions = new Map<string, SyntaxNode>();
  /** What the standard input holds of the commands that are read now. */
  private fed: Fed | undefined;
  /** Names of the files that the script itself writes or fetches. */
  private readonly written = new Set<string>();

  constructor(work: Work) {
    super(work);
    this.variables = new Variables(work);
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
      this.skip();
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
      this.skip();
      return;
    }
    const span = outer ?? { start: node.pos, end: node.end };
    const children = () => forEachChild(node, (child) => this.visit(child, outer, depth + 0.05));
    if (node.type === "Script" && "errors" in node && node.errors) this.complete = false;
    switch (node.type) {
      case "Pipeline":
        this.pipeline(node, outer, span, depth);
        break;
      case "Command":
        this.command(node, span, depth);
        children();
        break;
      case "Function":
        this.functions.set(node.name.text, node.body);
        children();
        break;
      case "Redirected": {
        this.redirections(node.redirects, span);
        const fed = fedBy(node.redirects, span, this.variables);
        // A loop over a file hands none of it to the hosts that it names.
        this.feeding(fed ? { ...fed, toHost: false } : this.fed, children);
        break;
      }
      case "ProcessSubstitution":
        if (node.operator === "<") children();
        else this.feeding({ span, text: undefined, construct: "pipe-to-interpreter" }, children);
        break;
      default:
        children();
    }
  }

  private feeding(fed: Fed | undefined, read: () => void): void {
    const outer = this.fed;
    this.fed = fed;
    read();
    this.fed = outer;
  }

  private command(node: Command, span: Span, depth: number): void {
    for (const part of node.prefix)
      if (part.type === "Assignment" && part.value.type === "Word") {
        const { words, known } = resolve(part.value, this.variables);
        const value = `${part.append ? (this.variables.get(part.name) ?? "") : ""}${words.join(" ")}`;
        if (known && value.length < LONGEST_SCRIPT) this.variables.set(part.name, value);
        else this.variables.delete(part.name);
        this.add(["export", `${part.name}=${value}`], span);
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
    const known = name.known && !isPrinted && name.words[0] !== "";
    this.feeding(fedBy(node.redirects, span, this.variables) ?? this.fed, () =>
      this.run({ words, known }, span, depth),
    );
    if (words[0] === "set" && words.includes("--")) {
      const positional = words.slice(words.indexOf("--") + 1);
      for (const every of ["@", "*"]) this.variables.set(every, positional.join(" "));
      for (const [at, word] of positional.slice(0, 9).entries()) this.variables.set(String(at + 1), word);
    }
  }

  /** `alias x='rm -rf'` without its quotes. */
  private assigned({ name, value, text }: Assignment): string {
    return value.type === "Word" ? `${name}=${resolve(value, this.variables).words.join(" ")}` : text;
  }

  /**
   * One command and, layer by layer, what it runs.
   *
   * @param ran what was run already as part of the same command, and how deep: the words of wrappers in wrappers are
   *   reached on many ways, and mean the same on each
   */
  run({ words, known }: Resolved, span: Span, depth: number, ran = new Map<string, number>()): void {
    const [program = "", ...rest] = words;
    if (words.length === 0) return;
    if (words.length <= MOST_REMEMBERED_WORDS && !this.work.exhausted) {
      const key = JSON.stringify([known, this.fed !== undefined, words]);
      if (depth >= (ran.get(key) ?? Number.POSITIVE_INFINITY)) return;
      ran.set(key, depth);
    }
    if (!known) this.constructs.push({ ...span, construct: "unknown-command" });
    if (!this.add(words, span)) return;
    for (const target of writtenBy(words)) this.writes.push({ ...span, target });
    if (runsOneOf(words, this.written)) this.constructs.push({ ...span, construct: "run-what-was-written" });
    for (const file of baseName(program) === "tee" ? writtenBy(words) : downloadedBy(words))
      this.written.add(lastOf(file));
    if (depth > DEEPEST) {
      this.skip();
      return;
    }
    const substituted =
      isShell(program) || sources(program) ? rest : rest.filter((word) => word[0] !== "-").slice(0, 1);
    if ((isInterpreter(program) || sources(program)) && substituted.some((word) => word.startsWith("<(")))
      this.constructs.push({ ...span, construct: "pipe-to-interpreter" });
    this.read(words, span, depth, ran);
    for (const inner of innerOf(words)) {
      if (inner.kind === "unread") this.skip();
      else if (inner.kind === "command")
        this.run({ words: inner.words, known: inner.guessed || !isExpansion(inner.words[0]) }, span, depth + 1, ran);
      else if (inner.kind === "sql") this.statements.push({ ...span, text: inner.text });
      else if (/^\s*[$`]/.test(inner.text)) this.constructs.push({ ...span, construct: "unknown-command" });
      else this.script(inner.text, span, depth + 1);
    }
  }

  /** What a command makes of its standard input. */
  private read(words: readonly string[], span: Span, depth: number, ran: Map<string, number>): void {
    const [program = ""] = words;
    const { fed } = this;
    const spread = spreadBy(words);
    if (spread?.runs && (fed || spread.words.length > 0))
      this.constructs.push({ ...span, construct: "pipe-to-interpreter" });
    if (fed === undefined) return;
    const runs = spread?.runs || runsItsInput(words) || (fed.isDocument && (isShell(program) || sources(program)));
    if (readsSql(words)) {
      if (fed.text !== undefined) this.statements.push({ ...fed.span, text: fed.text });
    } else if (runs) {
      if (fed.construct) this.constructs.push({ ...fed.span, construct: fed.construct });
      if (fed.file !== undefined && this.written.has(fed.file))
        this.constructs.push({ ...fed.span, construct: "run-what-was-written" });
      this.feeding(undefined, () => {
        if (fed.text !== undefined) this.script(fed.text, fed.span, depth + 1);
      });
    } else if (spread && fed.text !== undefined) {
      const all = [...spread.words, ...fed.text.split(/\s+/)];
      this.feeding(undefined, () => this.run({ words: all, known: true }, span, depth + 1, ran));
    } else if (fed.toHost && baseName(program) === "ssh")
      this.constructs.push({ ...fed.span, construct: "pipe-to-host" });
    const body = this.functions.get(program);
    if (body === undefined) return;
    // Not again while it is read: it may call itself.
    this.functions.delete(program);
    this.visit(body, span, depth + 1);
    this.functions.set(program, body);
  }

  /** What is piped into an interpreter is run by it, however deep it stands in what is piped into. */
  private pipeline({ commands }: Pipeline, outer: Span | undefined, span: Span, depth: number): void {
    let text = this.fed?.text;
    commands.forEach((node, at) => {
      const fed: Fed = {
        span,
        text,
        construct: "pipe-to-interpreter",
        toHost: text === undefined && node.type === "Command",
      };
      text = outputOf(node, text, this.variables);
      this.feeding(at === 0 ? this.fed : fed, () => this.visit(node, outer, depth + 0.05));
    });
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

const isExpansion = (word: string | undefined) => word !== undefined && /^[$`]/.test(word);
