import { baseName } from "./command-pattern.ts";
import { behind, hasLetter, isOption, type Options, placesBehind, valuesOf } from "./options.ts";
import { WRAPPERS } from "./wrappers.ts";

const SHELLS = /^(?:sh|(?:ba|rba|da|z|k|mk|pdk|lk|a|ya|fi|c|tc|po)sh|pwsh|powershell|cmd)$/;
/** Those that are no shells, and how they are told what to run: letters that give it, and letters that take another value. */
const OTHERS: readonly (readonly [names: RegExp, given: string, options: Options])[] = [
  [/^(?:python|pypy)[\d.]*$|^ipython\d?$/, "cmVh", { values: "cmWXQ", flags: "version help" }],
  [/^perl[\d.]*$/, "eEnpvVh", { values: "eEI", glued: "0iMmlCDxF" }],
  [/^ruby[\d.]*$|^irb$/, "enpvh", { values: "eIrC", glued: "0iKTWx" }],
  [
    /^(?:node|nodejs|ts-node|tsx)$/,
    "epcvh",
    { values: "erpC", long: "require import loader experimental-loader input-type env-file conditions" },
  ],
  [/^php[\d.]*$/, "rBREFfSivhl", { values: "cdzrBREFfS" }],
  [/^lua(?:jit)?[\d.]*$/, "ev", { values: "el" }],
  [/^osascript$/, "e", { values: "el" }],
  [/^(?:iex|invoke-expression|deno|bun|tclsh[\d.]*|expect|jshell|guile|groovysh?|batch)$/, "", {}],
  [/^(?:julia|elixir|Rscript|R)$/i, "eE", { values: "eE" }],
];
/** Says on its command line what it runs, in words. */
const GIVEN = /^--(?:eval|print|command|execute|check|version|help|run|test)(?:=|$)/;
const STANDARD_INPUT = /^(?:-|\/dev\/stdin|\/dev\/fd\/\d+|\/proc\/self\/fd\/\d+)$/;
const SHELL_OPTIONS: Options = { values: "oO", long: "rcfile init-file", flags: "login posix norc noprofile" };
export const SSH_OPTIONS: Options = { values: "BbcDEeFIiJLlmOoPpQRSWw" };
/** With no command behind them they start a shell. */
const OPEN_A_SHELL = new Map(
  ["sudo", "doas", "chroot", "unshare", "nsenter"].flatMap((name) => {
    const options = WRAPPERS.get(name);
    return options ? [[name, options] as const] : [];
  }),
);

export const isShell = (program: string): boolean => SHELLS.test(baseName(program));

export const isInterpreter = (program: string): boolean => {
  const name = baseName(program);
  return SHELLS.test(name) || OTHERS.some(([names]) => names.test(name));
};

export const sources = (program: string): boolean => program === "." || program === "source";

/** Whether it runs what it reads from its standard input: `sh`, `bash -s`, `python -`, `ssh host`, `make -f -`. */
export function runsItsInput([program = "", ...rest]: readonly string[]): boolean {
  const name = baseName(program);
  const isInput = (word: string | undefined) => word !== undefined && STANDARD_INPUT.test(word);
  if (sources(program)) return isInput(rest.find((word) => word !== "--"));
  if (name === "make" || name === "gmake")
    return valuesOf(rest, "-f --file --makefile", { values: "fCIoWj", long: "directory" }).some(isInput);
  if (/^[gmn]?awk$/.test(name)) return valuesOf(rest, "-f --file", { values: "Fvf" }).some(isInput);
  if (name === "ssh") {
    const [remote = []] = behind(rest, SSH_OPTIONS, 1);
    return rest.length > 0 && (remote.length === 0 || runsItsInput(remote.join(" ").split(/\s+/)));
  }
  if (name === "su") return !rest.some((word) => hasLetter(word, "c") || /^--(?:session-)?command/.test(word));
  const options = OPEN_A_SHELL.get(name);
  if (options !== undefined)
    return (
      placesBehind(rest, options, options.operands ?? 0).places.length === 0 &&
      (!/^(?:sudo|doas)$/.test(name) || rest.some((word) => hasLetter(word, "is") || /^--(?:login|shell)$/.test(word)))
    );
  if (SHELLS.test(name)) return shellRunsItsInput(name, rest);
  const [, given, table] = OTHERS.find(([names]) => names.test(name)) ?? [];
  if (given === undefined || table === undefined) return false;
  const { places } = placesBehind(rest, table, 0);
  const before = rest.slice(0, places[0] ?? rest.length);
  if (before.some((word) => GIVEN.test(word) || hasLetter(word, given, `${table.glued}${table.values}`))) return false;
  return places.length === 0 || rest.some(isInput);
}

function shellRunsItsInput(name: string, words: readonly string[]): boolean {
  if (/^(?:pwsh|powershell|cmd)$/.test(name))
    return words.every((word) => STANDARD_INPUT.test(word) || /^[-/](?!c)/i.test(word)) || words.at(-1) === "-";
  const { places } = placesBehind(words, SHELL_OPTIONS, 0);
  const before = words.slice(0, places[0] ?? words.length);
  if (before.some((word) => hasLetter(word, "c") || GIVEN.test(word))) return false;
  if (before.some((word) => hasLetter(word, "s"))) return true;
  return places.some((at) => STANDARD_INPUT.test(words[at] ?? "")) || places.length === 0;
}

/** What `bash -lc '…'`, `sh -c -- '…'`, `cmd /c …`, `pwsh -Command …` run; undefined where nothing stands there. */
export function scriptOf(program: string, words: readonly string[]): string | undefined {
  const joins = /^(?:pwsh|powershell|cmd)$/.test(baseName(program));
  const at = words.findIndex((word) =>
    joins ? /^(?:-c|-command|\/[ck])$/i.test(word) : hasLetter(word, "c") || word === "--command",
  );
  if (at === -1) {
    const given = words.find((word) => word.startsWith("--command="));
    return given?.slice("--command=".length);
  }
  const rest = words.slice(at + 1);
  if (joins) return rest.join(" ");
  // The options of `bash -c -x '…'` go on.
  return rest.find((word, before) => !isOption(word) && !takesName(rest[before - 1] ?? ""));
}

/** `-o` of `bash -c -o pipefail '…'`. */
const takesName = (word: string) => isOption(word) && word[1] !== "-" && /o$/i.test(word);

/** Whether it has a text to run that is told by an option, even where the text itself is missing. */
export const takesScript = (words: readonly string[]): boolean => words.some((word) => hasLetter(word, "c"));
