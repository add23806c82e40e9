import { baseName } from "./command-pattern.ts";
import { isShell, scriptOf, takesScript } from "./interpreters.ts";
import { layersOf } from "./layers.ts";
import { behind, valuesOf } from "./options.ts";
import { WRAPPERS } from "./wrappers.ts";

/** What `xargs` and `parallel` make of their input. */
export interface Spread {
  /** The command that they put it behind; empty where there is none. */
  readonly words: readonly string[];
  /** Whether the input is itself run: `xargs -I{} sh -c {}`, `parallel`. */
  readonly runs: boolean;
}

const MOST_READ = 3;

/** Undefined for any other command. */
export function spreadBy([program = "", ...rest]: readonly string[]): Spread | undefined {
  const name = baseName(program);
  const options = WRAPPERS.get(name);
  if (options === undefined || !/^(?:xargs|parallel)$/.test(name)) return undefined;
  const holders = ["{}", ...valuesOf(rest, "-I -J --replace", options)];
  const inner = behind(rest, options, 0);
  const [words = []] = inner;
  if (words.length === 0) return { words, runs: name === "parallel" };
  const isHeld = (text: string) => holders.includes(text.replace(/["';]/g, "").trim());
  const runs = inner
    .slice(0, MOST_READ)
    .flatMap(layersOf)
    .some(([first = "", ...others]) => {
      if (isHeld(first) || first === "eval") return true;
      return isShell(first) && takesScript(others) && isHeld(scriptOf(first, others) ?? holders[0] ?? "");
    });
  return { words: words.filter((word) => !isHeld(word)), runs };
}
