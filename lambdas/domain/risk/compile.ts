import type { RisksConfig } from "../../../lib/config/risks.ts";

type Entry = RisksConfig["risks"][number];

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

/** Compiles what `parseRisks` gave; expressions ignore case. */
export const compileRisks = (config: RisksConfig): CompiledRisks => config.risks.map(compile);

const compile = ({ risk, where, argument }: Entry): CompiledRisk => ({
  risk,
  server: where?.server,
  method: where?.method,
  tool: where?.tool === undefined ? undefined : new RegExp(where.tool, "i"),
  destructiveHint: where?.destructiveHint,
  argument: argument && {
    pointer: argument.pointer,
    pattern: new RegExp(argument.pattern, "gi"),
    unless: argument.unless === undefined ? undefined : new RegExp(argument.unless, "i"),
  },
});
