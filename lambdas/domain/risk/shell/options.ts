/** The options of a program, as far as they take values. */
export interface Options {
  /** Letters that take a value: the rest of their word, or the next one. */
  readonly values?: string;
  /** Letters whose value only ever stands in the same word. */
  readonly glued?: string;
  /** Long options that take a value, a blank between each. */
  readonly long?: string;
  /** Long options that take none, or only one behind `=`. */
  readonly flags?: string;
}

/** More places than these at which a program could stand are not tried. */
const MOST_PLACES = 8;

export interface Places {
  /** Where what stands behind options, their values, assignments and so many operands may begin. */
  readonly places: readonly number[];
  /** Whether there are more. */
  readonly more: boolean;
}

/**
 * Where the operands behind the first so many begin. A long option that the table does not know, or that is shortened, may
 * take the next word or not: both are followed.
 */
export function placesBehind(words: readonly string[], options: Options, operands: number): Places {
  const found = new Set<number>();
  const seen = new Set<number>();
  const open: { readonly at: number; readonly left: number }[] = [{ at: 0, left: operands }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { at, left } = next;
    const word = words[at];
    if (word === undefined || seen.has(at * 8 + left)) continue;
    seen.add(at * 8 + left);
    // `env - sh`: a dash alone is no program.
    if (word === "-") open.push({ at: at + 1, left });
    else if (isOption(word)) {
      const takes = takesNext(word, options);
      if (takes !== "always") open.push({ at: at + 1, left });
      if (takes !== "never") open.push({ at: at + 2, left });
    } else if (/^[A-Za-z_]\w*=/.test(word)) open.push({ at: at + 1, left });
    else if (left > 0) open.push({ at: at + 1, left: left - 1 });
    else found.add(at);
  }
  const places = [...found].sort((a, b) => a - b);
  return { places: places.slice(0, MOST_PLACES), more: places.length > MOST_PLACES };
}

/** What is left behind options, their values, assignments and so many operands, by each reading. */
export const behind = (words: readonly string[], options: Options, operands: number): readonly (readonly string[])[] =>
  placesBehind(words, options, operands).places.map((at) => words.slice(at));

/** The values of these options, however they are written: `-c x`, `-cx`, `-tAc x`, `--command x`, `--command=x`. */
export function valuesOf(words: readonly string[], wanted: string, options: Options): readonly string[] {
  const names = wanted.split(" ");
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const next = words[at + 1];
    if (word === "--") break;
    const { isWanted, value = next, takes } = optionIn(word, names, options);
    if (isWanted && value !== undefined) found.push(value);
    // One that is wanted is no other's value: programs differ by version in which options take one.
    if (takes && !optionIn(next ?? "", names, options).isWanted) at += 1;
  }
  return found;
}

/** Whether a word is one of these options, the value that stands in it, and whether it takes the next word. */
function optionIn(word: string, names: readonly string[], options: Options) {
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  if (equals !== -1)
    return { isWanted: names.includes(word.slice(0, equals)), value: word.slice(equals + 1), takes: false };
  if (isOption(word) && names.includes(word)) return { isWanted: true, takes: true };
  if (word.startsWith("--") || !isOption(word))
    return { isWanted: false, takes: isOption(word) && takesNext(word, options) === "always" };
  const { letter, value } = valued(word, options);
  return {
    isWanted: letter !== undefined && names.includes(`-${letter}`),
    value,
    takes: letter !== undefined && value === undefined,
  };
}

export const isOption = (word: string): boolean => word.length > 1 && (word[0] === "-" || word[0] === "+");

/** Whether one of these letters is among those of `-ex`; what follows a letter with a value of its own is not. */
export function hasLetter(word: string, letters: string, valued = ""): boolean {
  if (!isOption(word) || word[0] === "+" || word[1] === "-") return false;
  for (const letter of word.slice(1)) {
    if (letters.includes(letter)) return true;
    if (valued.includes(letter) || !/[A-Za-z]/.test(letter)) return false;
  }
  return false;
}

/** Whether an option takes the next word. */
function takesNext(word: string, { long = "", flags = "", ...letters }: Options): "always" | "never" | "perhaps" {
  if (word === "--") return "never";
  if (!word.startsWith("--")) {
    const { letter, value } = valued(word, letters);
    return letter !== undefined && value === undefined ? "always" : "never";
  }
  if (word.includes("=")) return "never";
  const name = word.slice(2);
  return long.split(" ").includes(name) ? "always" : flags.split(" ").includes(name) ? "never" : "perhaps";
}

/** The first of a word's letters that takes a value, and that value where it stands in the same word. */
function valued(word: string, { values = "", glued = "" }: Options) {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] ?? "";
    if (glued.includes(letter)) return {};
    if (values.includes(letter)) return { letter, value: at + 1 < word.length ? word.slice(at + 1) : undefined };
    if (!/[A-Za-z0-9]/.test(letter)) return {};
  }
  return {};
}
