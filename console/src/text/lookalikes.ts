/** A run of letters, marks and digits. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const LATIN = /\p{Script=Latin}/u;
/** Scripts with letters that are drawn like Latin ones (Unicode confusables, UTS 39). */
const ALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Georgian}]/u;
/** Letters of those scripts that nobody can tell from a Latin one. */
const TWINS = /^[асеорхуіјѕԁһӏԛԝАВЕЅЗІЈКМНОРСТХУԚԜονρυιακΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոՏ]{2,}$/u;
/** Letters and signs that pass for an ASCII one wherever they stand. */
const SIGNS = /[ɑɡıȷǃ꞉∶∕⁄⧸‐‑‒−․]/u;
/** Superscripts and ordinals: they become digits and letters in a compatible form, and mislead nobody. */
const HARMLESS = /[ªº²³¹]/u;

/**
 * Where characters stand that pass for other ones: a Cyrillic letter inside a Latin word, a word of nothing but twins of
 * Latin letters, wide or mathematical forms of ASCII, and signs drawn like `/`, `:`, `-` or `.`.
 *
 * @returns indexes into `text` (UTF-16) at which such a character begins
 */
export function lookalikesIn(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  // Most text is ASCII, and arguments can be long.
  if (!/[^\0-\x7f]/.test(text)) return found;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!ALIKE.test(word) || !(LATIN.test(word) || TWINS.test(word))) continue;
    mark(word, index, (character) => ALIKE.test(character));
  }
  mark(text, 0, (character) => SIGNS.test(character) || isAsciiInDisguise(character));
  return found;

  function mark(part: string, start: number, misleads: (character: string) => boolean): void {
    let at = start;
    for (const character of part) {
      if (misleads(character)) found.add(at);
      at += character.length;
    }
  }
}

function isAsciiInDisguise(character: string): boolean {
  if (character <= "\x7f" || HARMLESS.test(character)) return false;
  return /^[!-~]$/.test(character.normalize("NFKC"));
}
