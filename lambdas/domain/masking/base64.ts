import { isLetter, textAlignments } from "./base64-letters.ts";
import { type Run, runAround } from "./base64-run.ts";
import { type Stretch, textStretches } from "./base64-text.ts";
import type { Span } from "./rule.ts";

/** Shorter runs hold no secret: 15 bytes of text. */
const SHORTEST = 20;
/** By how many bytes of noise a text is read too late at most, where what it was glued to passes for text. */
const MOST_NOISE = 3;
/** How many letters of what a text is glued to may pass for its beginning. */
const MOST_GLUED = 8;

/** Text that stood in base64. */
export interface Decoded extends Span {
  /** What it may say: first what is likeliest, then the same without the noise before it. */
  readonly texts: readonly string[];
}

/** Whether part of a text holds a run of base64 letters that is long enough to say something, and may say it. */
export function mayHoldRun(text: string, from: number, to: number): boolean {
  for (let at = from + SHORTEST - 1; at < to; at += SHORTEST) {
    if (!isLetter(text.charCodeAt(at))) continue;
    let start = at;
    while (start > from && at - start < SHORTEST && isLetter(text.charCodeAt(start - 1))) start -= 1;
    let end = at;
    while (end < to && isLetter(text.charCodeAt(end))) end += 1;
    if (end - start >= SHORTEST && textAlignments(text, start, end) !== 0) return true;
    at = Math.max(at, end);
  }
  return false;
}

/**
 * What base64 in a text says, where it says text. Looks at one character of every twenty until it meets a run. The runs of
 * a base64 text in lines are read as one. A run is read from each of its first four letters on: what stands before base64
 * without a blank (`/v1/auth/`, `session_`) is of letters of base64 too.
 */
export function decodedRuns(text: string): readonly Decoded[] {
  const found: Decoded[] = [];
  for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
    if (!isLetter(text.charCodeAt(at))) continue;
    const run = runAround(text, at, SHORTEST);
    if (run !== undefined) found.push(...decodedIn(run));
    at = Math.max(at, (run?.end ?? endOfLetters(text, at)) - 1);
  }
  return found;
}

function endOfLetters(text: string, from: number): number {
  let at = from;
  while (isLetter(text.charCodeAt(at))) at += 1;
  return at;
}

function decodedIn(run: Run): Decoded[] {
  const alignments = textAlignments(run.letters, 0, run.letters.length);
  const found: Decoded[] = [];
  for (let skipped = 0; skipped < 4; skipped += 1) {
    if ((alignments & (1 << skipped)) === 0) continue;
    const bytes = Buffer.from(skipped === 0 ? run.letters : run.letters.slice(skipped), "base64");
    for (const stretch of textStretches(bytes, skipped === 0 && !/^[^/+_-]{0,64}[/+_-]/.test(run.letters)))
      found.push(decoded(run, stretch, skipped, bytes));
  }
  return found;
}

function decoded(run: Run, { start, end, read }: Stretch, skipped: number, bytes: Buffer): Decoded {
  const last = end === bytes.length ? run.letters.length : skipped + Math.ceil((end * 4) / 3);
  const first = skipped + Math.floor((start * 4) / 3);
  const isGlued = first > 0;
  const begin = isGlued ? behindSign(run.letters, first, skipped) : first;
  const from = Math.max(start, Math.floor(((begin - skipped) * 3) / 4));
  const drops = isGlued && begin === first ? MOST_NOISE : 0;
  const texts = Array.from({ length: drops + 1 }, (_, drop) => read(bytes, from + drop, end));
  return { start: run.place(begin), end: last === run.letters.length ? run.end : run.place(last), texts };
}

/** Where base64 begins behind the last sign that may part it from what it is glued to; else where its text does. */
function behindSign(letters: string, first: number, skipped: number): number {
  for (let at = Math.min(first + MOST_GLUED, letters.length - 1); at >= first - 1; at -= 1)
    if ((at + 1 - skipped) % 4 === 0 && /[/+_-]/.test(letters.charAt(at))) return at + 1;
  return first;
}
