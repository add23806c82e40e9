import { readFaithful } from "../../../lambdas/domain/json/strict.ts";
import { visibleText } from "../text/visible-text.ts";

/** An argument that holds a text, and where it is (RFC 6901). */
export interface Leaf {
  readonly pointer: string;
  readonly value: string;
}

/** Deeper arguments are not offered as limits; nor are more than this many. */
const DEEPEST = 20;
const MOST = 100;

/** A mask, with the length of what it covers or without. */
const MASK = /\[[A-Z][A-Z0-9_]*\]|\[\w+, \d+ characters\]/;

/** Arguments that a limit can name, and whether some are not among them. */
export interface Leaves {
  readonly offered: readonly Leaf[];
  readonly someLeftOut: boolean;
}

/**
 * The arguments that are texts, without those of which a field would show something else than they are: what cannot be seen,
 * passes for another character or breaks the line would make two limits look alike, as do spaces that are easily overlooked,
 * and a mask is not the value.
 *
 * @param text JSON text of the arguments
 */
export function leavesOf(text: string): Leaves {
  const found = textsIn(text);
  const offered = found.filter(({ pointer, value }) => [...pointer.split("/"), value].every(isPlain));
  return { offered, someLeftOut: offered.length < found.length };
}

const isPlain = (text: string) =>
  !MASK.test(text) && !/^ | $| {2}/.test(text) && visibleText(text).every(({ kind }) => kind === "plain");

function textsIn(text: string): readonly Leaf[] {
  const found: Leaf[] = [];
  const visit = (value: unknown, pointer: string, depth: number): void => {
    if (found.length >= MOST || depth > DEEPEST) return;
    if (typeof value === "string") found.push({ pointer, value });
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(value))
      visit(child, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1);
  };
  try {
    visit(readFaithful(text), "", 0);
  } catch {
    // Text that is no JSON has no places to name.
  }
  return found;
}
