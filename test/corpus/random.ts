/** Randomness that is the same on every run: the corpus is text, only it is written by a rule. */
export interface Random {
  /** A whole number from 0 up to but not including `below`. */
  readonly number: (below: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** Characters by a pattern: `{A36}` are 36 of alphabet A, all else is itself. */
  readonly fill: (pattern: string) => string;
}

const HEX = "0123456789abcdef";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const ALPHABETS: Readonly<Record<string, string>> = {
  A: `${LOWER}${LOWER.toUpperCase()}0123456789`,
  H: HEX,
  L: LOWER,
  U: LOWER.toUpperCase(),
  D: "0123456789",
  N: "123456789",
  M: `${LOWER.toUpperCase()}0123456789`,
  B: `${LOWER.toUpperCase()}234567`,
  W: `${LOWER}${LOWER.toUpperCase()}0123456789_-`,
  X: `${LOWER}${LOWER.toUpperCase()}0123456789+/`,
  C: "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
  Q: "AQgw",
  S: `${LOWER}0123456789`,
  P: `${LOWER}${LOWER.toUpperCase()}0123456789!#%+*?`,
};

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  /** Mulberry32, public domain. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const number = (below: number) => Math.floor(next() * below);
  const pick = <T>(from: readonly T[]): T => from[number(from.length)] as T;
  const fill = (pattern: string) =>
    pattern.replace(/\{([A-Z])([0-9]+)\}/g, (_whole, alphabet: string, length: string) =>
      Array.from({ length: Number(length) }, () => pick([...(ALPHABETS[alphabet] ?? "?")])).join(""),
    );
  return { number, pick, fill };
}
