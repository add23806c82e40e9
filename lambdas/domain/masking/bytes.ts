import { asciiOf } from "./spelling.ts";

const LENGTH = 16_384;
/** Up to this length a loop is quicker than a call out of JavaScript. */
const SHORT = 64;
const BEYOND_LATIN = /[^\0-\xff]/;

/** A stretch of text as an array of bytes, which a loop goes through several times as fast as through a string. */
export class Bytes {
  /**
   * What was read last; beyond its length it means nothing. Every character beyond ASCII is some byte above 127, but for
   * digits, letters and signs that are ASCII's in another width or script.
   */
  readonly units = new Uint8Array(LENGTH);
  readonly #buffer = Buffer.from(this.units.buffer);

  /** @returns how much of the text from `from` on, at most to `to`, was read */
  read(text: string, from: number, to: number): number {
    const length = Math.min(to - from, LENGTH);
    if (length <= SHORT) {
      this.#readEach(text, from, length);
      return length;
    }
    const part = text.slice(from, from + length);
    // Written as Latin 1, a character beyond it keeps its lower half, and might pass for a letter.
    if (BEYOND_LATIN.test(part)) this.#readEach(part, 0, length);
    else this.#buffer.write(part, "latin1");
    return length;
  }

  #readEach(text: string, from: number, length: number): void {
    const { units } = this;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(from + at);
      units[at] = code <= 0xff ? code : Math.min(asciiOf(code), 0xff);
    }
  }
}
