import type { RisksConfig } from "../../../lib/config/risks.ts";
import type { CompiledRisk, CompiledRisks } from "./risk.ts";

type Entry = RisksConfig["risks"][number];

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
