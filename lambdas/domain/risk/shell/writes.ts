import { baseName } from "./command-pattern.ts";
import { isInterpreter, sources } from "./interpreters.ts";

/** The files that a command names to write them. */
export function writtenBy([program = "", ...rest]: readonly string[]): readonly string[] {
  const operands = rest.filter((word) => !word.startsWith("-"));
  const name = baseName(program);
  return name === "tee" ? operands : /^(?:cp|mv|install|ln)$/.test(name) ? operands.slice(1).slice(-1) : [];
}

/** `sh x`, `. x`, `./x`, of one of these files; a plain word names a program of the path. */
export function runsOneOf([program = "", ...rest]: readonly string[], files: ReadonlySet<string>): boolean {
  if (files.size === 0) return false;
  if (program.includes("/") && files.has(lastOf(program))) return true;
  if (!isInterpreter(program) && !sources(program)) return false;
  const file = rest.find((word) => !word.startsWith("-"));
  return file !== undefined && files.has(lastOf(file));
}

/** A file's name, without its folders. */
export const lastOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
