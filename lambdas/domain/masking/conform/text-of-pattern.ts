import { type AST, RegExpParser } from "@eslint-community/regexpp";

/** Longer texts are not made: whoever wants more gets a relaxed schema. */
const LONGEST = 1000;
/** What a mask is made of where a choice is left; first what looks least like a value. */
const PREFERRED = "*xX0 -_aA1";

/**
 * A text that matches an expression, made from the expression itself: running a server's expression could take forever.
 *
 * @returns undefined for an expression that says more than such texts can be made from
 */
export function textOfPattern(pattern: string): string | undefined {
  try {
    const { alternatives } = new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode: true });
    return shortest(alternatives.map((alternative) => textOf(anchorsOff(alternative.elements))));
  } catch {
    // Not an expression, or one of those that say more.
    return undefined;
  }
}

class Unmakeable extends Error {}

function anchorsOff(elements: readonly AST.Element[]): readonly AST.Element[] {
  const isAnchor = (element: AST.Element | undefined, kind: "start" | "end") =>
    element?.type === "Assertion" && element.kind === kind;
  return elements.slice(isAnchor(elements[0], "start") ? 1 : 0, isAnchor(elements.at(-1), "end") ? -1 : undefined);
}

function textOf(elements: readonly AST.Element[]): string {
  const text = elements.map(textOfElement).join("");
  if (text.length > LONGEST) throw new Unmakeable();
  return text;
}

function textOfElement(element: AST.Element): string {
  switch (element.type) {
    case "Character":
      return String.fromCodePoint(element.value);
    case "CharacterSet":
    case "CharacterClass":
      return pick((code) => isIn(element, code));
    case "Quantifier": {
      if (element.min > LONGEST) throw new Unmakeable();
      return textOf([element.element as AST.Element]).repeat(element.min);
    }
    case "Group":
    case "CapturingGroup":
      return shortest(element.alternatives.map((alternative) => textOf(alternative.elements)));
    default:
      throw new Unmakeable();
  }
}

function pick(fits: (code: number) => boolean): string {
  const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
  const found = [...PREFERRED, ...printable].find((character) => fits(character.charCodeAt(0)));
  if (found === undefined) throw new Unmakeable();
  return found;
}

function isIn(node: AST.CharacterClassElement | AST.CharacterSet | AST.CharacterClass, code: number): boolean {
  switch (node.type) {
    case "Character":
      return node.value === code;
    case "CharacterClassRange":
      return node.min.value <= code && code <= node.max.value;
    case "CharacterClass":
      return node.elements.some((element) => isIn(element as AST.CharacterClassElement, code)) !== node.negate;
    case "CharacterSet":
      return isInSet(node, String.fromCharCode(code));
    default:
      throw new Unmakeable();
  }
}

function isInSet(set: AST.CharacterSet, character: string): boolean {
  switch (set.kind) {
    case "any":
      return character !== "\n";
    case "digit":
      return /[0-9]/.test(character) !== set.negate;
    case "word":
      return /[A-Za-z0-9_]/.test(character) !== set.negate;
    case "space":
      return /\s/.test(character) !== set.negate;
    case "property":
      return new RegExp(set.raw, "u").test(character);
  }
}

const shortest = (texts: readonly string[]): string =>
  texts.reduce((best, text) => (text.length < best.length ? text : best));
