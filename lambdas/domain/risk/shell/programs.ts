import type { CompiledRisks } from "../risk.ts";
import { baseName } from "./command-pattern.ts";

const commanded = new WeakMap<CompiledRisks, ReadonlySet<string>>();

/** The programs of the catalogue that take a command of their own: `git push`. Made once for a catalogue. */
export function commandedOf(risks: CompiledRisks): ReadonlySet<string> {
  const made = commanded.get(risks) ?? new Set(commandsOf(risks).flatMap((it) => (it.hasSubcommand ? it.names : [])));
  commanded.set(risks, made);
  return made;
}

const named = new WeakMap<CompiledRisks, ReadonlySet<string>>();

/** Whether two words begin a command: a program of the catalogue, then one of its commands, an option or a path. */
export function beginsCommand(risks: CompiledRisks, program: string, next: string): boolean {
  const made = named.get(risks) ?? new Set(commandsOf(risks).flatMap((command) => command.names));
  named.set(risks, made);
  const name = baseName(program);
  return made.has(name) && (/^[-/~*.]/.test(next) || (next !== "" && commandedOf(risks).has(name)));
}

const commandsOf = (risks: CompiledRisks) => risks.flatMap(({ argument }) => argument?.shell?.commands ?? []);

const known = new WeakMap<CompiledRisks, RegExp>();

/** Finds the name of a program that the risks speak of, where a command could begin. Made once for a catalogue. */
export function programsOf(risks: CompiledRisks): RegExp {
  const made = known.get(risks) ?? make(risks);
  known.set(risks, made);
  return made;
}

function make(risks: CompiledRisks): RegExp {
  const names = commandsOf(risks).flatMap((command) => command.names);
  const plain = [...new Set([...names, "sh", "bash", "eval", "sudo"])].filter((name) => /^[\w.-]+$/.test(name));
  const escaped = plain.map((name) => name.replaceAll(".", "\\."));
  return new RegExp(`(?:^|[\\s;&|(\`'"/\\\\{!])(?:${escaped.join("|")})(?:\\.exe)?(?=[\\s;&|)'"\`$<]|$)`, "i");
}
