/**
 * What parsers may still do for one call, shared by all its texts: texts in texts, and many of them, would otherwise cost
 * more than they are long.
 */
export interface Work {
  /** Texts that parsers may still be given. */
  texts: number;
  /** Characters of those. */
  characters: number;
  /** Characters that words may still become: a variable that is used again and again makes more of them than were written. */
  words: number;
  /** Set when a text was left unread. */
  exhausted: boolean;
}

export const MOST_PARSED_TEXTS = 4000;
const MOST_PARSED_CHARACTERS = 1_048_576;
export const MOST_WORD_CHARACTERS = 3_145_728;

export const startWork = (): Work => ({
  texts: MOST_PARSED_TEXTS,
  characters: MOST_PARSED_CHARACTERS,
  words: MOST_WORD_CHARACTERS,
  exhausted: false,
});

/** Whether a parser may read this text, too. */
export function mayParse(text: string, work: Work): boolean {
  if (work.texts === 0 || text.length > work.characters) {
    work.exhausted = true;
    return false;
  }
  work.texts -= 1;
  work.characters -= text.length;
  return true;
}

/** Whether words may become so many characters more. */
export function mayExpand(characters: number, work: Work): boolean {
  if (work.exhausted || characters > work.words) {
    work.exhausted = true;
    return false;
  }
  work.words -= characters;
  return true;
}
