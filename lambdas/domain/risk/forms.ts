import { isUtf8 } from "node:buffer";
import type { Json } from "../json/json.ts";
import { stringsOf } from "./strings.ts";

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
const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{8,}={0,2}/g;

/**
 * The readings of a string: itself, URL-decoded, base64 parts decoded, the strings of JSON inside it, and again of those,
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

type Part = { readonly text: string; readonly start: number; readonly length: number };

function decodings(text: string): readonly Part[] {
  const parts: Part[] = [];
  const whole = { start: 0, length: text.length };
  if (ESCAPED.test(text)) parts.push({ text: urlDecoded(text), ...whole });
  for (const inner of innerStrings(text)) parts.push({ text: inner, ...whole });
  BASE64.lastIndex = 0;
  for (let match = BASE64.exec(text); match !== null; match = BASE64.exec(text)) {
    const decoded = textOf(Buffer.from(match[0], "base64"));
    if (decoded !== undefined) parts.push({ text: decoded, start: match.index, length: match[0].length });
  }
  return parts;
}

/** Escape by escape, for one that is no UTF-8 must not hide the others. */
const urlDecoded = (text: string) =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));

function innerStrings(text: string): readonly string[] {
  if (!/^\s{0,64}[[{"]/.test(text)) return [];
  try {
    return stringsOf(JSON.parse(text) as Json).map((leaf) => leaf.value);
  } catch {
    return [];
  }
}

/** Where a text that holds bytes outside UTF-8, or control characters, is told from one that is read: in so many units. */
const LOOKED_AT = 4096;

/** Words of eight letters decode to bytes as well; what has bytes outside UTF-8, or control characters, was no text. */
function textOf(bytes: Buffer): string | undefined {
  // Most words end here, before they cost a string.
  if (bytes.length <= LOOKED_AT && !isUtf8(bytes)) return undefined;
  const text = bytes.toString("utf8");
  return text.length >= 5 && !CONTROL.test(text.slice(0, LOOKED_AT)) ? text : undefined;
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000e-\u001f\ufffd]/;
