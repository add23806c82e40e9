/** Characters of a reason; the API asks for the same. */
const SHORTEST = 3;
export const LONGEST_REASON = 1000;

/** What is wrong with a reason; empty when nothing is. */
export function reasonProblem(text: string, required: boolean): string {
  const { length } = text.trim();
  if (length > LONGEST_REASON) return `Write at most ${LONGEST_REASON} characters; these are ${length}.`;
  if (length >= SHORTEST || (length === 0 && !required)) return "";
  return `Write a reason first, of ${SHORTEST} characters or more.`;
}
