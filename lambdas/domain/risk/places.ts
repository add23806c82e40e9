import type { ArgumentKind } from "./candidates.ts";
import type { CompiledArgument } from "./risk.ts";
import type { ArgumentLeaf } from "./strings.ts";
import { wordsOf } from "./tool-words.ts";
import { isSequence } from "./words.ts";

/** What a risk says of an argument. */
export interface Argued {
  readonly risk: string;
  readonly argument: CompiledArgument;
}

/** So many names are told from the others, the innermost: what an argument is stands near it. */
const MOST_NAMES = 8;

/** Whether a risk is about the argument at a pointer. */
export const isPlace = ({ pointer, names }: CompiledArgument, at: string): boolean =>
  (pointer === undefined || pointer === at) && (names === undefined || isNamed(names, at.replace(POSITION, "")));
const POSITION = /\/\d+(?=\/|$)/g;

/** The expressions that are tried on a leaf; the items of a list have the same ones, and are many. */
export function patternsAt(patterns: readonly Argued[]): (leaf: ArgumentLeaf, kind: ArgumentKind) => readonly Argued[] {
  const anywhere = patterns.filter(({ argument }) => argument.pointer === undefined);
  const pointed = patterns.filter(({ argument }) => argument.pointer !== undefined);
  const known = new Map<string, readonly Argued[]>();
  const mayBe = ({ prose, names }: CompiledArgument, { path, isName }: ArgumentLeaf, kind: ArgumentKind) =>
    (prose || kind !== "prose") && (names === undefined || (!isName && isNamed(names, path)));
  return (leaf, kind) => {
    const before = leaf.isName ? undefined : known.get(leaf.path);
    const found = before ?? anywhere.filter(({ argument }) => mayBe(argument, leaf, kind));
    if (before === undefined && !leaf.isName) known.set(leaf.path, found);
    if (pointed.length === 0) return found;
    const here = pointed.filter(({ argument }) => argument.pointer === leaf.pointer && mayBe(argument, leaf, kind));
    return here.length === 0 ? found : [...found, ...here];
  };
}

/** @param path a pointer without the places in lists */
function isNamed(names: NonNullable<CompiledArgument["names"]>, path: string): boolean {
  const words = path
    .split("/")
    .slice(1)
    .slice(-MOST_NAMES)
    .flatMap((name) => wordsOf(name.replaceAll("~1", "/").replaceAll("~0", "~")));
  return names.some((steps) => isSequence(steps, words));
}
