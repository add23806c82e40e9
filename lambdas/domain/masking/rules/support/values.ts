import type { Span } from "../../rule.ts";

/**
 * What an expression's last group took, at the end of each match. Cheaper by far than a lookbehind, which an engine tries
 * at every character.
 *
 * @param expression global; one group takes part in each match, and ends it
 */
export function valuesAfter(text: string, expression: RegExp): Span[] {
  const spans: Span[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const end = match.index + match[0].length;
    const value = match.slice(1).find((group) => group !== undefined) ?? "";
    spans.push({ start: end - value.length, end });
  }
  return spans;
}

/**
 * Matches of an expression that begin with one of some signs: each sign is sought as text, which is fastest.
 *
 * @param sticky the expression, with the flag by which it matches only at its `lastIndex`
 */
export function matchesAt(text: string, signs: readonly string[], sticky: RegExp): Span[] {
  const spans: Span[] = [];
  for (const sign of signs)
    for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) {
      sticky.lastIndex = at;
      if (!sticky.test(text)) continue;
      spans.push({ start: at, end: sticky.lastIndex });
      at = sticky.lastIndex - 1;
    }
  if (signs.length < 2 || spans.length < 2) return spans;
  const sorted = spans.sort((a, b) => a.start - b.start || b.end - a.end);
  return sorted.filter((span, at) => at === 0 || span.start >= (sorted[at - 1]?.end ?? 0));
}
