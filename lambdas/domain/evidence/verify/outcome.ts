/** What verifying can find of an object, a digest or a record. */
export const OUTCOMES = ["ok", "altered", "missing", "moved", "gap", "unsealed", "bad-signature"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const KINDS = ["digests", "objects", "bodies", "records"] as const;
/** What is counted. */
export type Kind = (typeof KINDS)[number];

/** Something that is not as it should be. */
export interface Finding {
  readonly kind: Kind;
  readonly outcome: Exclude<Outcome, "ok">;
  /** A key, a record's id, or the numbers of a writer. */
  readonly what: string;
  readonly why: string;
}

export type Counts = Readonly<Record<Kind, Readonly<Record<Outcome, number>>>>;

/** Findings that are kept by name; the rest is only counted. */
const MOST_NAMED = 1000;

/** Collects what is found. */
export class Tally {
  readonly findings: Finding[] = [];
  readonly #counts = Object.fromEntries(
    KINDS.map((kind) => [kind, Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0]))]),
  ) as Record<Kind, Record<Outcome, number>>;

  get counts(): Counts {
    return this.#counts;
  }

  add(kind: Kind, outcome: Outcome, by = 1): void {
    this.#counts[kind][outcome] += by;
  }

  find(kind: Kind, outcome: Finding["outcome"], what: string, why: string): void {
    this.add(kind, outcome);
    if (this.findings.length < MOST_NAMED) this.findings.push({ kind, outcome, what, why });
  }
}
