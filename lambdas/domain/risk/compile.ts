import type { RisksConfig } from "../../../lib/config/risks.ts";
import type { CompiledArgument, CompiledRisk, CompiledRisks } from "./risk.ts";
import { type CommandPattern, commandPattern } from "./shell/command-pattern.ts";
import { alternativesOf, stepsOf } from "./words.ts";

type Entry = RisksConfig["risks"][number];
type Argument = NonNullable<Entry["argument"]>;

/** Compiles what `parseRisks` gave; expressions ignore case, but for `matchCase`. */
export const compileRisks = (config: RisksConfig): CompiledRisks => config.risks.map(compile);

const compile = ({ risk, where, argument }: Entry): CompiledRisk => ({
  risk,
  server: where?.server,
  method: where?.method,
  tool: where?.tool === undefined ? undefined : new RegExp(where.tool, "i"),
  tools: where?.tools?.map(stepsOf),
  destructiveHint: where?.destructiveHint,
  argument: argument && compileArgument(argument),
});

const compileArgument = ({
  pointer,
  names,
  pattern,
  matchCase,
  prose,
  shell,
  sql,
  unless,
}: Argument): CompiledArgument => ({
  pointer,
  names: names?.map(stepsOf),
  pattern: pattern === undefined ? undefined : new RegExp(pattern, matchCase ? "g" : "gi"),
  prose: prose ?? true,
  shell: shell && {
    ...commandsOf(shell.commands ?? []),
    writesTo: (shell.writesTo ?? []).map(alternativesOf),
    constructs: new Set(shell.constructs),
  },
  sql: sql && new Set(sql),
  unless: unless === undefined ? undefined : new RegExp(unless, "i"),
});

function commandsOf(lines: readonly string[]) {
  const commands = lines.map(commandPattern);
  const byProgram = new Map<string, CommandPattern[]>();
  for (const pattern of commands)
    for (const name of pattern.names) {
      const key = name.includes("*") ? "*" : name.toLowerCase();
      byProgram.set(key, [...(byProgram.get(key) ?? []), pattern]);
    }
  return { commands, byProgram };
}
