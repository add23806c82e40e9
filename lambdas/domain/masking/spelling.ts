/** Blanks, dashes, signs and quotes that stand where ASCII's would, and what is written between groups and not seen. */
const BLANKS = /[\u00a0\u00ad\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/;
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63]/;
const DOUBLE = /[\u00ab\u00bb\u201c-\u201f]/;
const SINGLE = /[\u2018-\u201b]/;
const OTHER =
  /[\u00a0\u00ab\u00ad\u00bb\u0660-\u0669\u06f0-\u06f9\u2000-\u200b\u2010-\u2015\u2018-\u201f\u202f\u205f\u2060\u2212\u3000\ufe58\ufe63\ufeff\uff01-\uff5e]/g;
const WIDE = 0xff01 - 0x21;

/** Rules ask one after another about the same text; longer ones are not kept. */
const LONGEST_KEPT = 4096;
let latest = { text: "", plain: "" };

/**
 * A text as ASCII would spell it: no-break and thin blanks, dashes, curly quotes, full-width signs, Arabic digits. Each
 * character stays one, so that places in it are places in the text.
 */
export function plainly(text: string): string {
  if (text === latest.text) return latest.plain;
  const plain = text.search(OTHER) === -1 ? text : text.replace(OTHER, asAscii);
  if (text.length <= LONGEST_KEPT) latest = { text, plain };
  return plain;
}

/** The digit or sign of ASCII that a character of another width or script is, or its own code. */
export function asciiOf(code: number): number {
  if (code >= 0xff01 && code <= 0xff5e) return code - WIDE;
  if ((code >= 0x0660 && code <= 0x0669) || (code >= 0x06f0 && code <= 0x06f9)) return 0x30 + (code & 0xf);
  return code;
}

function asAscii(character: string): string {
  if (BLANKS.test(character)) return " ";
  if (DASHES.test(character)) return "-";
  if (DOUBLE.test(character)) return '"';
  if (SINGLE.test(character)) return "'";
  return String.fromCharCode(asciiOf(character.charCodeAt(0)));
}
