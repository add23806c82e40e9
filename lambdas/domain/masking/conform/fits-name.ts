import { type AST, RegExpParser } from "@eslint-community/regexpp";
import type { Steps } from "./steps.ts";

/** Longer names are not tried. */
const LONGEST = 128;
/** With more of them in a row, trying could take long. */
const MOST_QUANTIFIERS = 2;

/** Characters that an expression is tried on in about the time of another step. */
const CHARACTERS = 64;

/** An expression that may be run. */
interface Safe {
  readonly expression: RegExp;
  /** The steps of a name: each quantifier may try each place anew, and so may an expression that may begin anywhere. */
  readonly costOf: (name: string) => number;
}

/**
 * Tells whether a member's name fits a pattern of `patternProperties`. Only expressions that cannot take long are run: they are
 * a server's. Those are characters and sets of them in a row, with hardly a quantifier and no group.
 *
 * @param steps what it may take: each pattern is read once, and tried on each name
 * @returns undefined where that is left open
 */
export function namesFit(steps: Steps): (pattern: string, name: string) => boolean | undefined {
  const known = new Map<string, Safe | undefined>();
  return (pattern, name) => {
    if (!steps.take() || name.length > LONGEST) return undefined;
    if (!known.has(pattern)) known.set(pattern, steps.take(pattern.length) ? safe(pattern) : undefined);
    const read = known.get(pattern);
    return read !== undefined && steps.take(read.costOf(name)) ? read.expression.test(name) : undefined;
  };
}

function safe(pattern: string): Safe | undefined {
  try {
    const { alternatives } = new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode: true });
    const [only, ...others] = alternatives;
    if (only === undefined || others.length > 0 || !isShort(only.elements)) return undefined;
    const [first] = only.elements;
    const isAnchored = first?.type === "Assertion" && first.kind === "start";
    const power = only.elements.filter(isQuantifier).length + (isAnchored ? 0 : 1);
    return {
      expression: new RegExp(pattern, "u"),
      costOf: ({ length }) => Math.ceil(length ** power / CHARACTERS),
    };
  } catch {
    // Not an expression.
    return undefined;
  }
}

const isShort = (elements: readonly AST.Element[]): boolean =>
  elements.filter(isQuantifier).length <= MOST_QUANTIFIERS &&
  elements.every(
    (element) =>
      isOne(element) ||
      (element.type === "Quantifier" && isOne(element.element)) ||
      (element.type === "Assertion" && (element.kind === "start" || element.kind === "end")),
  );

const isQuantifier = ({ type }: AST.Element) => type === "Quantifier";
const isOne = ({ type }: AST.Element) => type === "Character" || type === "CharacterSet" || type === "CharacterClass";
