import { madeOnce } from "../../remembered.ts";
import type { CompiledRisks } from "../risk.ts";
import { baseName } from "./command-pattern.ts";

const commandsOf = (risks: CompiledRisks) => risks.flatMap(({ argument }) => argument?.shell?.commands ?? []);

/** The programs of the catalogue that take a command of their own: `git push`. */
export const commandedOf = madeOnce(
  (risks: CompiledRisks): ReadonlySet<string> =>
    new Set(commandsOf(risks).flatMap((command) => (command.hasSubcommand ? command.names : []))),
);

const namesOf = madeOnce(
  (risks: CompiledRisks): ReadonlySet<string> => new Set(commandsOf(risks).flatMap((command) => command.names)),
);

/** Whether two words begin a command: a program of the catalogue, then one of its commands, an option or a path. */
export function beginsCommand(risks: CompiledRisks, program: string, next: string): boolean {
  const name = baseName(program);
  return namesOf(risks).has(name) && (/^[-/~*.]/.test(next) || (next !== "" && commandedOf(risks).has(name)));
}

/** Finds the name of a program that the risks speak of, where a command could begin. */
export const programsOf = madeOnce((risks: CompiledRisks): RegExp => {
  const names = commandsOf(risks).flatMap((command) => command.names);
  const plain = [...new Set([...names, "sh", "bash", "eval", "sudo"])].filter((name) => /^[\w.-]+$/.test(name));
  const escaped = plain.map((name) => name.replaceAll(".", "\\."));
  return new RegExp(`(?:^|[\\s;&|(\`'"/\\\\{!])(?:${escaped.join("|")})(?:\\.exe)?(?=[\\s;&|)'"\`$<]|$)`, "i");
});
