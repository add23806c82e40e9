import { isUtf8 } from "node:buffer";

/** Shorter is chance, or nobody's secret. */
const FEWEST_BYTES = 12;
const FEWEST_WIDE = 8;

/** Bytes that say text, and how they are read. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly read: (bytes: Buffer, start: number, end: number) => string;
}

/** Bytes that no text holds; escape is allowed, for terminals' colours. */
export const isControl = (byte: number): boolean =>
  (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f;

/**
 * The texts in bytes: what no control character parts and holds a row of ASCII; and UTF-16 as PowerShell takes it.
 *
 * @param isWhole whether the bytes begin where the text does: else what is not UTF-8 beside the ASCII may be noise
 */
export function textStretches(bytes: Buffer, isWhole: boolean): readonly Stretch[] {
  const found: Stretch[] = [];
  let start = 0;
  let row = 0;
  let ascii = -1;
  for (let at = 0; at <= bytes.length; at += 1) {
    const byte = at === bytes.length ? 0 : (bytes[at] as number);
    const isText = !isControl(byte);
    // Of noise behind a text, nothing is taken with it.
    const isNoise = byte >= 0x80 && ascii !== -1 && !isWhole && !isCharacter(bytes, at);
    if (isText && !isNoise) {
      row = byte < 0x80 ? row + 1 : 0;
      if (row === FEWEST_BYTES && ascii === -1) ascii = at + 1 - FEWEST_BYTES;
      continue;
    }
    if (ascii !== -1) found.push({ start: beginning(bytes, start, ascii, isWhole), end: at, read: readNarrow });
    start = at + 1;
    row = 0;
    ascii = -1;
  }
  return bytes.includes(0) ? [...found, ...wideStretches(bytes)] : found;
}

/** Whether a byte beyond ASCII is part of a character of UTF-8. */
function isCharacter(bytes: Buffer, at: number): boolean {
  let first = at;
  while (at - first < 3 && isFollowing(bytes[first] ?? 0)) first -= 1;
  const lead = bytes[first] ?? 0;
  return isUtf8(bytes.subarray(first, first + (lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4)));
}

const isFollowing = (byte: number) => byte >= 0x80 && byte < 0xc0;

function beginning(bytes: Buffer, start: number, ascii: number, isWhole: boolean): number {
  return (isWhole && start === 0) || isUtf8(bytes.subarray(start, ascii)) ? start : ascii;
}

const readNarrow = (bytes: Buffer, start: number, end: number) => {
  const part = bytes.subarray(start, end);
  return part.toString(isUtf8(part) ? "utf8" : "latin1");
};

/** Latin letters in UTF-16 of either order: every other byte is 0. */
function wideStretches(bytes: Buffer): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let parity = 0; parity < 2; parity += 1) {
    let start = -1;
    for (let at = parity; at <= bytes.length + 1; at += 2) {
      if (at + 1 < bytes.length && bytes[at + 1] === 0 && !isControl(bytes[at] as number)) {
        if (start === -1) start = at;
        continue;
      }
      // Where the 0 comes first, the last letter has none behind it.
      const end = at < bytes.length && !isControl(bytes[at] as number) ? at + 1 : Math.min(at, bytes.length);
      if (start !== -1 && at - start >= 2 * FEWEST_WIDE) found.push({ start, end, read: readWide });
      start = -1;
    }
  }
  return found;
}

const readWide = (bytes: Buffer, start: number, end: number) =>
  bytes.toString("latin1", start, end).replaceAll("\0", "");
