import type { Rule, Span } from "./rule.ts";

/** How far a stretch is widened to begin and end between words, so that no rule takes a part of a word for the whole. */
const LONGEST_WORD = 1024;
/** And how far not to part the groups of a number, of which rules find the first that fit. */
const LONGEST_NUMBER = 8192;

/**
 * What a rule finds near its signs. The same as in the whole text, at a cost that grows with the signs rather than with it.
 *
 * @param places where signs stand: beginning and end by turns, in order
 * @param reach how far from a sign its finding may go, and what it depends on
 */
export function findNear({ find }: Pick<Rule, "find">, text: string, places: readonly number[], reach: number): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at < places.length; ) {
    const start = wordStart(text, (places[at] as number) - reach);
    let end = (places[at + 1] as number) + reach;
    for (at += 2; at < places.length && (places[at] as number) - reach <= end; at += 2)
      end = (places[at + 1] as number) + reach;
    for (end = wordEnd(text, end); ; end = wordEnd(text, end + (end - start))) {
      const found = find(text.slice(start, end));
      // What ends where the stretch does may go on behind it.
      if (end < text.length && found.some((span) => start + span.end >= end)) continue;
      for (const span of found) spans.push({ start: start + span.start, end: start + span.end });
      break;
    }
    while (at < places.length && (places[at + 1] as number) + reach <= end) at += 2;
  }
  return spans;
}

function wordStart(text: string, from: number): number {
  let at = from;
  while (at > 0 && from - at < longest(text, at - 1)) {
    if (isBetweenWords(text, at - 1)) return at;
    at -= 1;
  }
  return Math.max(at, 0);
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < longest(text, at)) {
    if (isBetweenWords(text, at)) return at;
    at += 1;
  }
  return Math.min(at, text.length);
}

const isBlank = (code: number) => code <= 0x20;
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

const longest = (text: string, at: number) =>
  isDigit(text.charCodeAt(at)) || isBlank(text.charCodeAt(at)) ? LONGEST_NUMBER : LONGEST_WORD;

const isBetweenWords = (text: string, at: number) =>
  isBlank(text.charCodeAt(at)) && !(isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1)));
