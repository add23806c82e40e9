/** Letters in a row that may say ASCII: by chance it is one place in some thousands. */
const FEWEST = 16;

/** By character code: the value of a letter of base64, in both its alphabets, plus one. */
const LETTER = new Uint8Array(128);
/** By character code: at which places of a group of four the letter leaves the highest bit of its byte unset, as bits. */
const FITS = new Uint8Array(128);
for (const alphabet of ["+/", "-_"])
  for (const [value, letter] of [
    ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    ...alphabet,
  ].entries()) {
    const code = letter.charCodeAt(0);
    LETTER[code] = value + 1;
    FITS[code] = ((value & 32) === 0 ? 1 : 0) | ((value & 8) === 0 ? 2 : 0) | ((value & 2) === 0 ? 4 : 0) | 8;
  }
/** By place in a run, and by what a letter fits: the bit of each alignment that it fits in there. */
const ROTATED = new Uint8Array(64);
for (let place = 0; place < 4; place += 1)
  for (let fits = 0; fits < 16; fits += 1)
    for (let skipped = 0; skipped < 4; skipped += 1)
      if ((fits & (1 << ((place - skipped) & 3))) !== 0) (ROTATED[place * 16 + fits] as number) |= 1 << skipped;

export const isLetter = (code: number): boolean => code < 128 && LETTER[code] !== 0;

/**
 * How many letters at the beginning of a run may have to be skipped (bit 0: none … bit 3: three) for what follows to say
 * some ASCII. A hash, a UUID or a long word says noise in every reading, and ends here.
 */
export function textAlignments(text: string, start: number, end: number): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let alignments = 0;
  for (let at = start; at < end; at += 1) {
    const fits = ROTATED[((at - start) & 3) * 16 + (FITS[text.charCodeAt(at)] as number)] as number;
    if ((fits & 1) === 0) first = 0;
    else if (++first === FEWEST) alignments |= 1;
    if ((fits & 2) === 0) second = 0;
    else if (++second === FEWEST) alignments |= 2;
    if ((fits & 4) === 0) third = 0;
    else if (++third === FEWEST) alignments |= 4;
    if ((fits & 8) === 0) fourth = 0;
    else if (++fourth === FEWEST) alignments |= 8;
  }
  return alignments;
}
