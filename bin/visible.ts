/**
 * Characters that steer a terminal, show as nothing, or turn the order of what follows: controls (escape sequences, C1 too),
 * format characters (bidi overrides, zero-width joiners, tags), lone surrogates, private use, unassigned, line and
 * paragraph separators, variation selectors and blanks that pass for letters. Records hold what callers and servers wrote.
 */
export const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]|\u034f|\p{Variation_Selector}/gu;

/** A text for a terminal: what cannot be seen is named, such as `\u{202e}`; a line break is `\n`. */
export const visible = (text: string): string => text.replaceAll(UNSEEN, nameOf);

/** The same JSON, in which every such character is escaped: equal when parsed, harmless when printed. */
export const visibleJson = (json: string): string =>
  json.replaceAll(UNSEEN, (character) => (character === "\n" ? character : escaped(character)));

/** A value as JSON that is printed. */
export const printedJson = (value: unknown): string => visibleJson(JSON.stringify(value, null, 2));

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const nameOf = (character: string): string =>
  SHORT[character] ?? `\\u{${character.codePointAt(0)?.toString(16).padStart(4, "0")}}`;

const escaped = (character: string): string =>
  [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
