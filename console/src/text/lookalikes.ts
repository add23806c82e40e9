/** A run of letters, marks and digits. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const LATIN = /\p{Script=Latin}/u;
/** Scripts with letters that are drawn like Latin ones (Unicode confusables, UTS 39). */
const ALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Georgian}]/u;
/** Words of letters of those scripts that nobody can tell from a Latin one or a digit: Cyrillic to Armenian, Cherokee, Lisu. */
const TWINS =
  /^[0-9асеорхуіјѕԁһӏԛԝАВЕЅЗІЈКМНОРСТХУԚԜονρυιακΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոՏᎠ-ᎢᎥᎩ-ᎬᎳᎷᎻᎽᏀᏂᏃᏎᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏧᏮᏳᏴꭵꮁꮃꮓꮩꮪꮯꓐ-ꓔꓖꓗꓙꓚꓜꓝꓟ-ꓣꓦꓧꓪ-ꓬꓮꓰꓲ-ꓴ]+$/u;
/** One letter: in prose of its own script a word like any other. */
const SINGLE = /^\p{L}$/u;
/** A sign of a name, a path or an option, but where words of the script stand on its other side as well. */
const JOINED_BEFORE = /(?:^|\P{L}|\p{Script=Latin})[-_./=:@]$/u;
/** Likewise; a point and a colon may end a sentence. */
const JOINED_AFTER = /^(?:[-_/=@](?:$|\P{L}|\p{Script=Latin})|[.:](?:[^\s\p{L}]|\p{Script=Latin}))/u;
/** Letters and signs that pass for an ASCII one wherever they stand. */
const SIGNS = /[ɑɡıȷǀǃ։׃꞉∣∶∕⁄⧸⧵╱⟋∗‐‑‒–−․]/u;
/** Superscripts and ordinals: they become digits and letters in a compatible form, and mislead nobody. */
const HARMLESS = /[ªº²³¹]/u;

/**
 * Where characters stand that pass for other ones: a Cyrillic letter inside a Latin word, a word of nothing but twins of
 * Latin letters and digits (a single one of them unless it stands in prose of its script), wide or mathematical forms of
 * ASCII, and signs drawn like `/`, `|`, `:`, `-`, `*` or `.`.
 *
 * @returns indexes into `text` (UTF-16) at which such a character begins
 */
export function lookalikesIn(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  // Most text is ASCII, and arguments can be long.
  if (!/[^\0-\x7f]/.test(text)) return found;
  const words = [...text.matchAll(WORD)];
  words.forEach(({ 0: word, index }, at) => {
    if (!ALIKE.test(word)) return;
    const isProse = () =>
      SINGLE.test(word) &&
      [words[at - 1], words[at + 1]].some((beside) => beside && isForeign(beside[0])) &&
      !JOINED_BEFORE.test(text.slice(Math.max(0, index - 2), index)) &&
      !JOINED_AFTER.test(text.slice(index + word.length, index + word.length + 2));
    if (LATIN.test(word) || (TWINS.test(word) && !isProse())) mark(word, index, (character) => ALIKE.test(character));
  });
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

/** Whether anybody sees that a word is of another script. */
const isForeign = (word: string) => ALIKE.test(word) && !LATIN.test(word) && !TWINS.test(word);

function isAsciiInDisguise(character: string): boolean {
  if (character <= "\x7f" || HARMLESS.test(character)) return false;
  return /^[!-~]$/.test(character.normalize("NFKC"));
}
