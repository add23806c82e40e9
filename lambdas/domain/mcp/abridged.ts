import type { Difference } from "./difference.ts";

/** Characters of a text that a difference shows. */
export const LONGEST = 500;
/** Characters that are shown on either side of what differs. */
const CONTEXT = 60;
/** Longest mark of a cut; what is no longer is not worth one. */
const MARK = 32;
/** Where masking left nothing to tell two texts apart by. */
const MASKED_ALIKE = " (differs in what is masked)";

/**
 * A difference as people read it. Of long texts it shows where they begin to differ and where they end to, and marks what is
 * left out with its length: what a server hangs on to a long description must not lie behind a cut.
 *
 * @param stretch characters of what differs that are shown
 */
export function abridged({ pointer, before, after }: Difference, stretch = LONGEST - 3 * MARK): Difference {
  const alike = before !== null && after !== null && before !== after;
  const start = alike ? commonStart(before, after) : 0;
  const end = alike ? commonEnd(before, after, start) : 0;
  const shown = (text: string) =>
    text.length <= LONGEST ? text : windowed(text, start - CONTEXT, text.length - end + CONTEXT, stretch);
  return {
    pointer: shortened(pointer, LONGEST),
    before: before === null ? null : shown(before),
    after: after === null ? null : before === after ? shortened(after, LONGEST - MARK) + MASKED_ALIKE : shown(after),
  };
}

/** A text, or its beginning and its end with a mark of what is left out between. Well-formed if the text is. */
export const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : windowed(text, 0, text.length, longest - MARK);

/** A text from one place to another, of which as much is shown as there is room for, from both ends. */
function windowed(text: string, first: number, last: number, room: number): string {
  const half = Math.floor(room / 2) - 1;
  const from = boundary(text, Math.max(0, first));
  const to = boundary(text, Math.min(text.length, last));
  const left = boundary(text, Math.min(from + half, to));
  const right = boundary(text, Math.max(left, to - half));
  const gap = (begin: number, end: number) =>
    end - begin <= MARK ? text.slice(begin, end) : `[… ${end - begin} characters …]`;
  return [gap(0, from), text.slice(from, left), gap(left, right), text.slice(right, to), gap(to, text.length)].join("");
}

/** That place, or the one before where it would part a surrogate pair. */
const boundary = (text: string, at: number): number =>
  /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(0, at - 1), at + 1)) ? at - 1 : at;

function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

/** @param start what both begin with, which belongs to no end */
function commonEnd(one: string, other: string, start: number): number {
  const most = Math.min(one.length, other.length) - start;
  let count = 0;
  while (count < most && one.at(-1 - count) === other.at(-1 - count)) count += 1;
  return count;
}
