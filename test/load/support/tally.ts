import type { Sort } from "./answers.ts";

/** One answer, as its client heard it. */
export interface Heard {
  /** The argument `name` of a call of a tool. */
  readonly name: string;
  readonly sort: Sort;
  /** The gateway's own id of the call, where the answer names it. */
  readonly call: string | undefined;
}

/** Most faults that are kept in words. */
const MOST_FAULTS = 30;

/** Counts what came of the traffic. */
export class Tally {
  /** Every answer to a call of a tool of the server `load`. */
  readonly heard: Heard[] = [];
  /** What no client should have met, in words. */
  readonly faults: string[] = [];
  readonly #kinds = new Map<string, Map<string, number>>();
  total = 0;
  /** Of these, what the emulator did not answer in time. */
  overloaded = 0;

  /** @param kind of the call; @param sort what came of it */
  count(kind: string, sort: string): void {
    const sorts = this.#kinds.get(kind) ?? new Map<string, number>();
    sorts.set(sort, (sorts.get(sort) ?? 0) + 1);
    this.#kinds.set(kind, sorts);
    this.total += 1;
  }

  fault(what: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(what);
  }

  of(kind: string, sort: string): number {
    return this.#kinds.get(kind)?.get(sort) ?? 0;
  }

  /** A line for each kind: `a plain call: 312 result`. */
  lines(): string[] {
    return [...this.#kinds].map(([kind, sorts]) => {
      const parts = [...sorts].sort(([, one], [, other]) => other - one).map(([sort, count]) => `${count} ${sort}`);
      return `${kind}: ${parts.join(", ")}`;
    });
  }
}
