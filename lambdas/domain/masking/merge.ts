/** A stretch that will be replaced, in units of the text it was found in. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  /** What will stand there: a mask, or 0 for a number. */
  readonly replacement: string;
  readonly tag: string;
  /** What was found within, where the replacement is a masked text that holds more than a mask. */
  readonly within?: readonly Found[];
}

/** A stretch that a rule found, before it is known which others it overlaps. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/**
 * Joins hits that overlap: the union is masked, under the kind of the longest of them (of equals, the one given first).
 * Sorted by place.
 */
export function merge(hits: readonly Hit[]): readonly Hit[] {
  if (hits.length < 2) return hits;
  const merged: Hit[] = [];
  let longest = 0;
  for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && hit.start < last.end) {
      const kind = hit.end - hit.start > longest ? hit.kind : last.kind;
      longest = Math.max(longest, hit.end - hit.start);
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, hit.end), kind };
    } else {
      merged.push(hit);
      longest = hit.end - hit.start;
    }
  }
  return merged;
}
