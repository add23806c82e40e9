import { isUtf8 } from "node:buffer";
import type { Json } from "../json/json.ts";
import { leavesOf } from "./strings.ts";

/** One reading of a string: as it is, or decoded. Start and length say which part of the original was read. */
export interface Form {
  readonly text: string;
  readonly start: number;
  readonly length: number;
  /** A text that was decoded has no places of its own in the original: matches take the whole part's. */
  readonly decoded: boolean;
}

/** What may still be decoded, shared by all strings of a call. */
export interface Budget {
  characters: number;
  /** Set when something was left unread. */
  exhausted: boolean;
}

const DEEPEST = 3;
const ESCAPED = /%[0-9a-f]{2}/i;
/** What strings of most languages write for a letter. */
const BACKSLASHED = /\\(?:x[0-9a-f]{2}|u00[0-9a-f]{2})/i;
/** Full-width letters read as letters (NFKC), and what nobody sees is not there. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;

/**
 * The readings of a string: itself, URL-decoded, unescaped, folded (NFKC), base64 parts decoded, the strings of JSON inside it, and again of those,
 * three levels deep and within the budget.
 */
export function formsOf(value: string, budget: Budget): readonly Form[] {
  const forms: Form[] = [{ text: value, start: 0, length: value.length, decoded: false }];
  let level: readonly Form[] = forms;
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const next: Form[] = [];
    for (const form of level)
      for (const { text, start, length } of decodings(form.text)) {
        if (text.length > budget.characters) {
          budget.exhausted = true;
          continue;
        }
        budget.characters -= text.length;
        const place = form.decoded ? { start: form.start, length: form.length } : { start, length };
        next.push({ text, ...place, decoded: true });
      }
    forms.push(...next);
    level = next;
  }
  return forms;
}

/** What a text holds that could be decoded. */
const PERCENT = 1;
const BACKSLASH = 2;
const BEYOND_ASCII = 4;
const SHORTEST_RUN = 8;
/** By character: 1 is a digit of base64, also of the kind for addresses. */
const IS_DIGIT = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** One pass over a text in place of an expression for each: this is what assessing honest arguments spends its time on. */
function looked(text: string) {
  const runs: { readonly start: number; readonly end: number }[] = [];
  let seen = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    // Not a number behind the end, which is no digit either.
    const code = text.charCodeAt(at);
    if (code < 128 && IS_DIGIT[code] === 1) continue;
    if (at - start >= SHORTEST_RUN) runs.push({ start, end: at });
    start = at + 1;
    if (code === 37) seen |= PERCENT;
    else if (code === 92) seen |= BACKSLASH;
    else if (code > 127) seen |= BEYOND_ASCII;
  }
  return { runs, seen };
}

/** Behind at most two `=`. */
const paddedEnd = (text: string, end: number) => end + (text[end] === "=" ? (text[end + 1] === "=" ? 2 : 1) : 0);

type Part = { readonly text: string; readonly start: number; readonly length: number };

function decodings(text: string): readonly Part[] {
  const parts: Part[] = [];
  const whole = { start: 0, length: text.length };
  const { runs, seen } = looked(text);
  if (seen & PERCENT && ESCAPED.test(text)) parts.push({ text: urlDecoded(text), ...whole });
  if (seen & BACKSLASH && BACKSLASHED.test(text)) parts.push({ text: unescaped(text), ...whole });
  if (seen & BEYOND_ASCII) {
    const folded = text.normalize("NFKC").replace(INVISIBLE, "");
    if (folded !== text) parts.push({ text: folded, ...whole });
  }
  for (const inner of innerStrings(text)) parts.push({ text: inner, ...whole });
  for (const { start, end } of runs) {
    const encoded = text.slice(start, end);
    if (!beginsAsText(encoded)) continue;
    const decoded = textOf(Buffer.from(encoded, "base64"));
    if (decoded !== undefined) parts.push({ text: decoded, start, length: paddedEnd(text, end) - start });
  }
  return parts;
}

/** Escape by escape, for one that is no UTF-8 must not hide the others. */
const urlDecoded = (text: string) =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));

const unescaped = (text: string) =>
  text.replace(/\\(?:x|u00)([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function innerStrings(text: string): readonly string[] {
  if (!/^\s{0,64}[[{"]/.test(text)) return [];
  try {
    return leavesOf(JSON.parse(text) as Json).flatMap((leaf) => (leaf.isBare ? [] : [leaf.value]));
  } catch {
    return [];
  }
}

/** Where a text that holds bytes outside UTF-8, or control characters, is told from one that is read: in so many units. */
const LOOKED_AT = 4096;

/** Words of eight letters decode to bytes as well; what has bytes outside UTF-8, or control characters, was no text. */
function textOf(bytes: Buffer): string | undefined {
  // What `powershell -EncodedCommand` takes.
  if (bytes.length % 2 === 0 && bytes[1] === 0 && bytes[3] === 0) return readable(bytes.toString("utf16le"));
  // Most words end here, before they cost a string.
  if (bytes.length <= LOOKED_AT && !isUtf8(bytes)) return undefined;
  return readable(bytes.toString("utf8"));
}

/** The value of each base64 digit, by its character. */
const DIGITS = new Uint8Array(128);
for (const [value, digit] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries())
  DIGITS[digit.charCodeAt(0)] = value;
DIGITS["-".charCodeAt(0)] = 62;
DIGITS["_".charCodeAt(0)] = 63;

/** Whether the first six bytes of base64 could be text: most words are told here, at next to no cost. */
function beginsAsText(encoded: string): boolean {
  let following = 0;
  for (let byte = 0; byte < 6; byte += 1) {
    const digit = Math.floor((byte * 8) / 6);
    const bits = ((DIGITS[encoded.charCodeAt(digit)] ?? 0) << 6) | (DIGITS[encoded.charCodeAt(digit + 1)] ?? 0);
    const value = (bits >> (4 - (byte % 3) * 2)) & 255;
    // A second byte of zero: UTF-16, which is looked at whole.
    if (byte === 1 && value === 0) return true;
    // The first byte is judged with the second, as UTF-16 may have any first byte.
    if (following > 0 ? (value & 0xc0) !== 0x80 : IS_LEAD[value] === 0) {
      if (byte > 0) return false;
      const second =
        ((DIGITS[encoded.charCodeAt(1)] ?? 0) & 15) === 0 && (DIGITS[encoded.charCodeAt(2)] ?? 0) >> 2 === 0;
      return second;
    }
    following = following > 0 ? following - 1 : value < 0x80 ? 0 : value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
  }
  return true;
}
/** Bytes with which a character of a text may begin: no control characters, no continuation. */
const IS_LEAD = Uint8Array.from({ length: 256 }, (_, value) =>
  (value >= 0x20 && value < 0x80) || (value >= 9 && value <= 13) || (value >= 0xc2 && value <= 0xf4) ? 1 : 0,
);

const readable = (text: string) => (text.length >= 5 && !CONTROL.test(text.slice(0, LOOKED_AT)) ? text : undefined);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000e-\u001f\ufffd]/;
