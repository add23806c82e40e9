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
  /** Which set of `config/masking.yaml` it belongs to. */
  readonly family: "credential" | "personal";
  /** Texts with what must be found in them. Put together at run time, so that secret scanners pass over the source. */
  readonly examples: readonly Example[];
  /** Texts that look alike and must be left alone. */
  readonly counterExamples: readonly string[];
  /**
   * ASCII literals, compared without regard to case (but for those of up to three letters with capitals), of which at
   * least one stands in every text that `find` finds something in. One pass over a text looks for the signs of all rules;
   * `find` runs only where one is. A rule without signs and without `digits` is asked about every text, which costs.
   */
  readonly signs?: readonly string[];
  /** Where not a sign but digits mark a finding: how many digits a text must hold at least. */
  readonly digits?: number;
  /** Set where nothing stands between those digits but what people write inside of a number: blanks and ` . - / ( ) + `. */
  readonly unbroken?: true;
  /**
   * How far from its sign, or from its digits, a finding and all that it depends on may stand, in characters. A finding
   * that is longer but goes on to where the text was cut is seen whole. Without it, long texts are searched whole.
   */
  readonly reach?: number;
  /**
   * Set where a finding, or the name it depends on, may go over the end of a line. Of two lines, every other rule finds
   * what it finds of each.
   */
  readonly acrossLines?: true;
  /** Every occurrence, in linear time. */
  readonly find: (text: string) => readonly Span[];
  /** Whether a value under this name is secret as a whole. */
  readonly field?: (name: string) => boolean;
  /** Whether a value under this name is secret if it reads as one. `"key"`: if it looks drawn at random. */
  readonly maybeField?: (name: string) => "key" | "word" | undefined;
}

/** Every match of a global expression as a span, save those of nothing. */
export function spansOf(text: string, expression: RegExp): Span[] {
  const spans: Span[] = [];
  // `matchAll` makes a copy of the expression for each text, which on short texts costs more than the search.
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const end = match.index + match[0].length;
    if (end > match.index) spans.push({ start: match.index, end });
    // An expression that reads by code points would go back to before a surrogate pair again and again.
    else expression.lastIndex = end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
  }
  return spans;
}
