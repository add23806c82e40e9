/** A labelled text of the corpus. */
export interface Sample {
  /** Where it stands in the corpus, to be found again. */
  readonly id: string;
  readonly text: string;
  /** What must not be seen after masking; absent where nothing may be masked. */
  readonly secret?: string;
  /** The kind that the secret is of, or the sort of the harmless text. */
  readonly kind: string;
}

/** The corpus has two parts: one to tune the rules by, and one to look at only when they are done. */
export type Part = "dev" | "held-out";
