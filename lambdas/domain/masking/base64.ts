import { isAscii, isUtf8 } from "node:buffer";
import type { Span } from "./rule.ts";

/** Shorter runs hold no secret: 15 bytes of text. */
const SHORTEST = 20;
/** Length from which a line may be one of many that belong together: PEM has 64 characters a line, MIME 76. */
const SHORTEST_LINE = 60;
/** By character code: the value of a letter of base64, in both its alphabets, plus one. */
const LETTER = new Uint8Array(128);
for (const alphabet of ["+/", "-_"])
  for (const [value, letter] of [
    ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    ...alphabet,
  ].entries())
    LETTER[letter.charCodeAt(0)] = value + 1;
const isLetter = (code: number) => code < 128 && LETTER[code] !== 0;

/** Text that stood in base64. */
export interface Decoded extends Span {
  readonly text: string;
}

/** Whether part of a text holds a run of base64 letters that is long enough to say something, and begins as text does. */
export function mayHoldRun(text: string, from: number, to: number): boolean {
  for (let at = from + SHORTEST - 1; at < to; at += SHORTEST) {
    if (!isLetter(text.charCodeAt(at))) continue;
    let start = at;
    while (start > from && at - start < SHORTEST && isLetter(text.charCodeAt(start - 1))) start -= 1;
    let end = at;
    while (end < to && isLetter(text.charCodeAt(end))) end += 1;
    if (end - start >= SHORTEST && beginsText(text, start)) return true;
    at = Math.max(at, end);
  }
  return false;
}

/**
 * What base64 in a text says, where it says text. Looks at one character of every twenty until it meets a run.
 * The runs of a base64 text in lines are read as one.
 */
export function decodedRuns(text: string): readonly Decoded[] {
  const found: Decoded[] = [];
  for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
    if (!isLetter(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && at - start < SHORTEST && isLetter(text.charCodeAt(start - 1))) start -= 1;
    const end = endOfRun(text, at);
    if (end - start >= SHORTEST && beginsText(text, start)) {
      const decoded = textOf(text.slice(start, end));
      if (decoded !== undefined) found.push({ start, end, text: decoded });
    }
    at = Math.max(at, end);
  }
  return found;
}

/** Whether the first six bytes of a run can begin a text. A hash, a UUID or a long word decodes to noise, and ends here. */
function beginsText(text: string, start: number): boolean {
  const byte = (at: number) => {
    const [left, right] = [
      valueAt(text, start + at + Math.floor(at / 3)),
      valueAt(text, start + at + Math.floor(at / 3) + 1),
    ];
    return ((left << (2 + 2 * (at % 3))) | (right >> (4 - 2 * (at % 3)))) & 0xff;
  };
  if (byte(1) === 0 && byte(3) === 0) return true;
  let following = 0;
  for (let at = 0; at < 6; at += 1) {
    const code = byte(at);
    const isFollowing = code >= 0x80 && code < 0xc0;
    if (isFollowing !== following > 0 || isControl(code) || code > 0xf4) return false;
    following = isFollowing ? following - 1 : code < 0xc0 ? 0 : code < 0xe0 ? 1 : code < 0xf0 ? 2 : 3;
  }
  return true;
}

const valueAt = (text: string, at: number) => (LETTER[text.charCodeAt(at)] as number) - 1;

function endOfRun(text: string, from: number): number {
  let lineStart = from;
  let at = from;
  for (;;) {
    while (at < text.length && isLetter(text.charCodeAt(at))) at += 1;
    const next = text.charCodeAt(at) === 0x0d ? at + 1 : at;
    if (text.charCodeAt(next) !== 0x0a || !isLetter(text.charCodeAt(next + 1))) break;
    // Of the first line only its later part may have been seen.
    if (at - lineStart < SHORTEST_LINE - SHORTEST) break;
    at = next + 1;
    lineStart = at;
  }
  while (at < text.length && text.charCodeAt(at) === 0x3d) at += 1;
  return at;
}

/** What whole base64 says, where it is text: of UTF-8, or of UTF-16 as PowerShell takes it. */
export function textOf(base64: string): string | undefined {
  // A look at the beginning spares decoding what is an image.
  const head = Buffer.from(base64.slice(0, 64), "base64");
  const wide = head.length >= 4 && head[1] === 0 && head[3] === 0;
  if (!wide && head.some(isControl)) return undefined;
  const bytes = Buffer.from(base64, "base64");
  if (wide) return isReadable(bytes.toString("utf16le")) ? bytes.toString("utf16le") : undefined;
  if (bytes.some(isControl) || !(isAscii(bytes) || isUtf8(bytes))) return undefined;
  return bytes.toString("utf8");
}

/** Bytes that no text holds; escape is allowed, for terminals' colours. */
const isControl = (byte: number) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b;
const isReadable = (text: string) =>
  text.isWellFormed() && !Array.from(text.slice(0, 256)).some((c) => isControl(c.charCodeAt(0)));
