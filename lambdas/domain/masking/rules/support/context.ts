import type { Span } from "../../rule.ts";

/** How far before a number its name may stand: a few words, or a label and its punctuation. */
const BEFORE = 64;
/** How far after it: "123 456 789 (SIN)". */
const AFTER = 24;

/**
 * Whether a name stands near a span and on its line, or in the line above it as in forms and tables.
 *
 * @param words an expression without the global flag
 */
export function isNamed(text: string, { start, end }: Span, words: RegExp): boolean {
  const before = text.slice(Math.max(0, start - BEFORE), start);
  if (words.test(before)) return true;
  const after = text.slice(end, end + AFTER);
  const lineEnd = after.search(/[\r\n]/);
  return words.test(lineEnd === -1 ? after : after.slice(0, lineEnd));
}
