/** The digits of a number stand this near to each other, with all that people write between them. */
export const SPREAD = 64;

/**
 * Where at least so many digits stand near each other: beginning and end by turns.
 *
 * @param digits where digits stand
 * @param rows by digit, which of them was the first with no letter between; given when letters part them
 */
export function dense(digits: readonly number[], count: number, rows: readonly number[] | undefined): number[] {
  const stretches: number[] = [];
  for (let last = count - 1; last < digits.length; last += 1) {
    const first = last - count + 1;
    const [start, end] = [digits[first] as number, (digits[last] as number) + 1];
    if (end - start > SPREAD || (rows !== undefined && (rows[last] as number) > first)) continue;
    if (start > (stretches.at(-1) ?? -1)) stretches.push(start, end);
    else stretches[stretches.length - 1] = end;
  }
  return stretches;
}

/** The most digits with no letter between them. */
export function mostInRow(text: string, from: number, to: number): number {
  let most = 0;
  let row = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      row += 1;
      if (row > most) most = row;
    } else if (isLetter(code)) row = 0;
  }
  return most;
}

export const isLetter = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
