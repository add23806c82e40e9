import type { ShellConstruct } from "../../../../lib/config/risks.ts";
import { mayExpand, type Work } from "../work.ts";
import { baseName } from "./command-pattern.ts";

/** Part of the source: of what runs inside another command, that command. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A command, its program by its name alone. */
export interface ReadCommand {
  readonly program: string;
  readonly words: readonly string[];
}

/** What a script does, as far as it can be read without running it. */
export interface ShellReading {
  readonly commands: readonly (Span & ReadCommand)[];
  readonly writes: readonly (Span & { readonly target: string })[];
  readonly constructs: readonly (Span & { readonly construct: ShellConstruct })[];
  readonly statements: readonly (Span & { readonly text: string })[];
  /** Whether all of it was read. */
  readonly complete: boolean;
  /** Whether a part was left unread that a shell would run: of what is no script, most is not complete. */
  readonly skipped: boolean;
}

/** A reading while it grows, charged to the work that one call may cost. */
export class Reading implements ShellReading {
  readonly commands: (Span & ReadCommand)[] = [];
  readonly writes: (Span & { target: string })[] = [];
  readonly constructs: (Span & { construct: ShellConstruct })[] = [];
  readonly statements: (Span & { text: string })[] = [];
  complete = true;
  skipped = false;
  protected readonly work: Work;

  constructor(work: Work) {
    this.work = work;
  }

  /** Whether there is still room to look at it. */
  protected add(words: readonly string[], span: Span): boolean {
    const length = words.reduce((sum, word) => sum + word.length + 1, 0);
    if (!mayExpand(length, this.work)) {
      this.skip();
      return false;
    }
    this.commands.push({ ...span, words, program: baseName(words[0] ?? "") });
    return true;
  }

  protected skip(): void {
    this.complete = false;
    this.skipped = true;
  }
}
