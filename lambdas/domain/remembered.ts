/**
 * What was made from keys lately, a bounded number of them: when it is full it forgets everything, for honest keys come
 * again at once, and what somebody fills it with must not stay.
 */
export class Remembered<Key, Value> extends Map<Key, Value> {
  readonly #most: number;

  /** @param most entries that it holds */
  constructor(most: number) {
    super();
    this.#most = most;
  }

  override set(key: Key, value: Value): this {
    if (this.size >= this.#most && !this.has(key)) this.clear();
    return super.set(key, value);
  }
}

/** Makes something of an object once, for as long as the object lives. */
export function madeOnce<Subject extends WeakKey, Made>(make: (subject: Subject) => Made): (subject: Subject) => Made {
  const all = new WeakMap<Subject, { readonly made: Made }>();
  return (subject) => {
    let known = all.get(subject);
    if (known === undefined) {
      known = { made: make(subject) };
      all.set(subject, known);
    }
    return known.made;
  };
}
