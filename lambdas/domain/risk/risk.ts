import type { Json } from "../json/json.ts";

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
  /** What matched, decoded; at most 200 units. */
  readonly text: string;
}

/** One entry of `config/risks.yaml`, ready to run. What is undefined does not restrict. */
export interface CompiledRisk {
  readonly risk: string;
  readonly server: string | undefined;
  readonly method: string | undefined;
  readonly tool: RegExp | undefined;
  readonly destructiveHint: true | undefined;
  readonly argument: CompiledArgument | undefined;
}

export interface CompiledArgument {
  readonly pointer: string | undefined;
  readonly pattern: RegExp;
  readonly unless: RegExp | undefined;
}

/** The risks of `config/risks.yaml`, ready to run. */
export type CompiledRisks = readonly CompiledRisk[];
