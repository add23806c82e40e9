import { type AST, RegExpParser } from "@eslint-community/regexpp";

/** Longer names are not tried. */
const LONGEST = 128;
/** With more of them in a row, trying could take long. */
const MOST_QUANTIFIERS = 2;

/**
 * Whether a member's name fits a pattern of `patternProperties`. Only expressions that cannot take long are run: they are
 * a server's. Those are characters and sets of them in a row, with hardly a quantifier and no group.
 *
 * @returns undefined where that is left open
 */
export function fitsName(pattern: string, name: string): boolean | undefined {
  if (name.length > LONGEST) return undefined;
  try {
    const { alternatives } = new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode: true });
    const [only, ...others] = alternatives;
    if (only === undefined || others.length > 0 || !isShort(only.elements)) return undefined;
    return new RegExp(pattern, "u").test(name);
  } catch {
    // Not an expression.
    return undefined;
  }
}

const isShort = (elements: readonly AST.Element[]): boolean =>
  elements.filter(({ type }) => type === "Quantifier").length <= MOST_QUANTIFIERS &&
  elements.every(
    (element) =>
      isOne(element) ||
      (element.type === "Quantifier" && isOne(element.element)) ||
      (element.type === "Assertion" && (element.kind === "start" || element.kind === "end")),
  );

const isOne = ({ type }: AST.Element) => type === "Character" || type === "CharacterSet" || type === "CharacterClass";
