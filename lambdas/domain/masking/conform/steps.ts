/**
 * What may still be done for one answer or one list of tools, shared by all that reads its schemas: a small schema may
 * refer to itself on more ways than anybody can follow.
 */
export class Steps {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /** @returns whether so many were left; when once they were not, none are */
  take(count = 1): boolean {
    this.#left -= count;
    return this.#left >= 0;
  }

  get areSpent(): boolean {
    return this.#left < 0;
  }
}

/** Characters that are looked at in about the time of another step. */
const CHARACTERS = 64;

/** The steps of looking at a text. */
export const stepsOf = (text: string): number => 1 + Math.floor(text.length / CHARACTERS);
