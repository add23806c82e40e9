import type { ShellConstruct, StatementKind } from "../../../lib/config/risks.ts";
import type { Json } from "../json/json.ts";
import type { CommandPattern } from "./shell/command-pattern.ts";
import type { Alternatives, Step } from "./words.ts";

/** What is known of a call before it is decided. */
export interface AssessedCall {
  readonly server: string;
  readonly method: string;
  /** The tool's or prompt's name, or the resource's URI. */
  readonly name: string;
  readonly arguments: Json | undefined;
  /** The server's own word in the tool's annotations. It can raise a risk, never lower one. */
  readonly destructiveHint?: boolean;
}

/** A risk that a call earned, and the text that earned it. */
export interface RiskMatch {
  readonly risk: string;
  /** RFC 6901 into the arguments; empty when the name matched. */
  readonly pointer: string;
  /** Place in the argument as it came, in UTF-16 units; of decoded text, the place of what was decoded. */
  readonly start: number;
  readonly length: number;
  /** What matched, whole and decoded. */
  readonly text: string;
  /** Set where the argument may hold more of it than this text shows: it stands there encoded, or there are more matches. */
  readonly more?: true;
}

/** One entry of `config/risks.yaml`, ready to run. What is undefined does not restrict. */
export interface CompiledRisk {
  readonly risk: string;
  readonly server: string | undefined;
  readonly method: string | undefined;
  readonly tool: RegExp | undefined;
  readonly tools: readonly (readonly Step[])[] | undefined;
  readonly destructiveHint: true | undefined;
  readonly argument: CompiledArgument | undefined;
}

/** One of `pattern`, `shell` and `sql` is given. */
export interface CompiledArgument {
  readonly pointer: string | undefined;
  /** The words of the names of the members that lead to it; one of these. */
  readonly names: readonly (readonly Step[])[] | undefined;
  readonly pattern: RegExp | undefined;
  /** Whether the pattern is looked for in what is written for people, too. */
  readonly prose: boolean;
  readonly shell: CompiledShell | undefined;
  readonly sql: ReadonlySet<StatementKind> | undefined;
  readonly unless: RegExp | undefined;
}

export interface CompiledShell {
  readonly commands: readonly CommandPattern[];
  /** By the program's name; those with `*` in it stand under `*`. */
  readonly byProgram: ReadonlyMap<string, readonly CommandPattern[]>;
  readonly writesTo: readonly Alternatives[];
  readonly constructs: ReadonlySet<ShellConstruct>;
}

/** The risks of `config/risks.yaml`, ready to run. */
export type CompiledRisks = readonly CompiledRisk[];
