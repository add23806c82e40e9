import type { Form } from "./forms.ts";
import { type Argued, isPlace } from "./places.ts";
import type { CompiledArgument, RiskMatch } from "./risk.ts";
import { type Found, foundInShell } from "./shell/found.ts";
import { readCommand, readShell } from "./shell/read.ts";
import type { ShellReading } from "./shell/reading.ts";
import { withoutClientCommands } from "./sql/client-commands.ts";
import { readSql } from "./sql/read.ts";
import { startWork } from "./work.ts";

const MOST_READINGS = 500;

/** A match of a form at its place in the argument: what was decoded has no place of its own there. */
export const matchAt = (form: Form, { start, end, text }: Found): Omit<RiskMatch, "risk" | "pointer"> =>
  form.decoded ? { start: form.start, length: form.length, text, more: true } : { start, length: end - start, text };

/** What the parsers find in one call's texts, and what they could not read. */
export class Reader {
  readonly matches: RiskMatch[] = [];
  readonly #shells: readonly Argued[];
  readonly #statements: readonly Argued[];
  readonly #work = startWork();
  #readings = 0;
  #unread: string | undefined;

  constructor(argued: readonly Argued[]) {
    this.#shells = argued.filter(({ argument }) => argument.shell !== undefined);
    this.#statements = argued.filter(({ argument }) => argument.sql !== undefined);
  }

  /** What was not read first; undefined when all was read. */
  get unread(): string | undefined {
    return this.#unread ?? (this.#work.exhausted ? "more commands and statements than are read" : undefined);
  }

  leaveUnread(what: string): void {
    this.#unread ??= what;
  }

  /** Whether another of the call's texts may be read; one that may not is told of. */
  mayRead(): boolean {
    if (this.#readings <= MOST_READINGS) return true;
    this.leaveUnread("more texts than are read");
    return false;
  }

  /** A text of the call is read, whatever is read within it. */
  count(): void {
    this.#readings += 1;
  }

  /** @returns what was read, or undefined where the parser failed, which is told of */
  script(text: string, pointer: string, form: Form, isCommand: boolean): ShellReading | undefined {
    return this.#noted(
      this.#safely(() => readShell(text, this.#work)),
      pointer,
      form,
      isCommand,
    );
  }

  /** @param words of a command that stand apart */
  command(words: readonly string[], pointer: string, form: Form): ShellReading | undefined {
    return this.#noted(
      this.#safely(() => readCommand(words, this.#work)),
      pointer,
      form,
      true,
    );
  }

  /**
   * @param byWords whether its words tell something where no parser takes it
   * @param span what is shown of it
   */
  sql(text: string, byWords: boolean, pointer: string, form: Form, span: Found) {
    const reading = this.#safely(() => readSql(text, byWords, this.#work));
    if (reading === undefined) return { parsed: false, understood: true };
    const { kinds, parsed, understood } = reading;
    if (kinds.size > 0)
      this.#note(this.#statements, pointer, form, ({ sql }) =>
        sql && [...sql].some((kind) => kinds.has(kind)) ? [span] : [],
      );
    return { parsed, understood };
  }

  #noted(reading: ShellReading | undefined, pointer: string, form: Form, isCommand: boolean) {
    if (reading === undefined) return undefined;
    this.#note(this.#shells, pointer, form, (argument) => foundInShell(reading, argument, form.text, isCommand));
    for (const { start, end, text } of reading.statements) {
      const statement = withoutClientCommands(text);
      if (statement.trim() === "") continue;
      const { understood } = this.sql(statement, true, pointer, form, { start, end, text });
      // What is only perhaps a command, and a broken one, is no client's statement either.
      if (!understood && (isCommand || reading.complete)) this.leaveUnread(text);
    }
    return reading;
  }

  #note(
    entries: readonly Argued[],
    pointer: string,
    form: Form,
    find: (argument: CompiledArgument) => readonly Found[],
  ): void {
    for (const { risk, argument } of entries)
      if (isPlace(argument, pointer))
        for (const found of find(argument)) this.matches.push({ risk, pointer, ...matchAt(form, found) });
  }

  /** A parser that fails has read nothing: the call is not known to be free of risk. */
  #safely<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch {
      this.leaveUnread("a text that a parser failed on");
      return undefined;
    }
  }
}
