/** A stretch of text, in UTF-16 units; the end is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text and the part of it that must be masked. */
export interface Example {
  readonly text: string;
  readonly secret: string;
}

/** One kind of secret or personal data, and how it is found. One rule, one file. */
export interface Rule {
  /** What the caller sees in brackets, such as `AWS_ACCESS_KEY_ID`. */
  readonly kind: string;
  /** Texts with what must be found in them. Put together at run time, so that secret scanners pass over the source. */
  readonly examples: readonly Example[];
  /** Texts that look alike and must be left alone. */
  readonly counterExamples: readonly string[];
  /**
   * A cheap look at a text, or at the source of a whole JSON document: false promises that `find` and `field` find
   * nothing in it. It must hold for source text in which quotes, slashes and control characters are escaped.
   */
  readonly mayOccurIn: (source: string) => boolean;
  /** Every occurrence, in linear time. */
  readonly find: (text: string) => readonly Span[];
  /** Whether a value under this name is secret as a whole. */
  readonly field?: (name: string) => boolean;
}

/** Every match of a global expression as a span. */
export function spansOf(text: string, expression: RegExp): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(expression)) spans.push({ start: match.index, end: match.index + match[0].length });
  return spans;
}
