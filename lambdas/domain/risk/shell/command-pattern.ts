import { type Alternatives, alternativesOf, reach, type Step, stepsOf } from "../words.ts";

/** A line of `shell.commands`: the program, what follows it in order, and options that may stand anywhere. */
export interface CommandPattern {
  /** The names that `program` accepts, as written. */
  readonly names: readonly string[];
  readonly program: Alternatives;
  /** Whether a word that is told follows the program, as in `git push`. */
  readonly hasSubcommand: boolean;
  readonly operands: readonly Step[];
  readonly options: readonly (readonly string[])[];
}

/** Reads `rm -r|--recursive`, `aws s3 cp ... s3://*`. */
export function commandPattern(line: string): CommandPattern {
  const [program = "", ...rest] = line.split(" ");
  const operands = rest.filter((word) => !word.startsWith("-"));
  return {
    names: program.split("|"),
    program: alternativesOf(program),
    hasSubcommand: /^[\w|-]+$/.test(operands[0] ?? ""),
    operands: operands.length === 0 ? [] : stepsOf(operands.join(" ")),
    options: rest.filter((word) => word.startsWith("-")).map((word) => word.split("|")),
  };
}

/**
 * The words that matched the pattern's last operand, the program where it names none; empty when it does not match.
 * What follows an option may be its value, so it is passed over where it does not fit.
 */
export function matchedWords(pattern: CommandPattern, words: readonly string[]): readonly string[] {
  const [program = "", ...rest] = words;
  if (!pattern.program(baseName(program))) return [];
  if (!pattern.options.every((wanted) => wanted.some((option) => hasOption(option, rest)))) return [];
  const { operands } = pattern;
  if (operands.length === 0) return [program];
  const last: string[] = [];
  let reached = reach(operands, [0]);
  let afterOption = false;
  for (const word of rest) {
    const isOption = word.startsWith("-");
    const next = new Set<number>(isOption || afterOption ? reached : []);
    for (const at of reached) {
      const step = operands[at];
      if (step === "...") next.add(at);
      else if (step?.(word)) {
        next.add(at + 1);
        if (at + 1 === operands.length) last.push(word);
      }
    }
    // Once it is matched it stays so, whatever follows.
    if (reached.has(operands.length)) next.add(operands.length);
    reached = reach(operands, [...next]);
    if (reached.size === 0) return [];
    afterOption = isOption && word !== "--" && !word.includes("=");
  }
  return reached.has(operands.length) ? (last.length > 0 ? last : [program]) : [];
}

/** `/usr/bin/RM.exe` is `rm`. */
export const baseName = (program: string): string =>
  program
    .slice(Math.max(program.lastIndexOf("/"), program.lastIndexOf("\\")) + 1)
    .toLowerCase()
    .replace(/\.(?:exe|cmd|bat)$/, "");

function hasOption(wanted: string, words: readonly string[]): boolean {
  const letter = wanted.length === 2 ? wanted[1] : undefined;
  if (letter !== undefined) return words.some((word) => word === wanted || lettersOf(word).includes(letter));
  // PowerShell takes options in any case.
  const fits = alternativesOf(wanted);
  if (wanted.includes("=")) return words.some((word, at) => valuesOf(word, words[at + 1]).some(fits));
  return words.some((word) => word.startsWith("-") && fits(word.split("=", 1)[0] ?? word));
}

/** `--replicas 0`, `--replicas=0`, `-v /:/host` and `-v/:/host` as `--replicas=0` and `-v=/:/host`. */
function valuesOf(word: string, next: string | undefined): readonly string[] {
  if (!word.startsWith("-")) return [];
  if (word.includes("=") && word.startsWith("--")) return [word];
  const glued = word.startsWith("--") ? [] : [word, `${word.slice(0, 2)}=${word.slice(2)}`];
  return next === undefined ? glued : [...glued, `${word}=${next}`];
}

/** The letters of `-rf`; what follows them may be the value of the last (`-d@file`). */
const lettersOf = (word: string) => /^-([A-Za-z0-9]+)/.exec(word)?.[1] ?? "";
