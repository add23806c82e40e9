/** Alphabets of tokens. */
export const HEX = "0123456789abcdef";
export const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const UPPER = LOWER.toUpperCase();
export const DIGITS = "0123456789";
export const ALPHANUMERIC = `${UPPER}${LOWER}${DIGITS}`;

/**
 * A body for an example's token: looks random, is always the same, and stands in no source for a secret scanner to find.
 * It ends and begins with a letter or digit of the alphabet, whatever else is in it.
 */
export function body(length: number, alphabet: string = ALPHANUMERIC): string {
  let state = length * 7919 + alphabet.length;
  let text = "";
  for (let at = 0; at < length; at += 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    text += alphabet.charAt(Math.floor(state / 65536) % alphabet.length);
  }
  return text;
}
