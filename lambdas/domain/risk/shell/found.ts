import type { CompiledArgument } from "../risk.ts";
import { matchedWords } from "./command-pattern.ts";
import type { ShellReading, Span } from "./reading.ts";

/** A place of the text, and what stands there. */
export interface Found extends Span {
  readonly text: string;
}

/**
 * What an entry of `risks.yaml` finds in a script.
 *
 * @param isCommand whether the argument is known to be a command: prose too has words that only a run would tell
 */
export function foundInShell(
  reading: ShellReading,
  { shell, unless }: CompiledArgument,
  source: string,
  isCommand: boolean,
): readonly Found[] {
  if (shell === undefined) return [];
  const found: Found[] = [];
  const add = ({ start, end }: Span) => found.push({ start, end, text: source.slice(start, end || undefined) });
  for (const command of reading.commands)
    if (
      [...(shell.byProgram.get(command.program) ?? []), ...(shell.byProgram.get("*") ?? [])].some((pattern) =>
        matchedWords(pattern, command.words).some((word) => !unless?.test(word)),
      )
    )
      add(command);
  for (const write of reading.writes)
    if (shell.writesTo.some((fits) => fits(write.target)) && !unless?.test(write.target)) add(write);
  for (const { construct, ...span } of reading.constructs)
    if (shell.constructs.has(construct) && (isCommand || construct !== "unknown-command")) add(span);
  return found;
}
