import { CountersignError } from "../error.ts";
import type { Finding, KeyedHash, MaskingRules } from "./finding.ts";
import type { Found } from "./merge.ts";
import { scanJson, scanOf, scanString } from "./scan.ts";

/** A text with its secrets masked, and what was masked, in the order of the text. */
export interface Masked {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Masking failed: the message must be withheld. Neither message nor cause quotes the text. */
export class MaskingError extends CountersignError {
  constructor(message: string, options?: ErrorOptions) {
    super("masking_failed", message, options);
  }
}

/**
 * Masks a JSON text, JSON inside its strings included. Only what was found changes, in the source itself: every other
 * byte stays, and so does the shape (names, types, lengths of arrays). Strings get `[KIND]`, numbers become 0.
 *
 * @param text a whole JSON document; a JSON-RPC message keeps its id, method and progress token
 * @throws MaskingError when the text is not JSON, nests too deeply, or a rule fails
 */
export function maskJson(text: string, rules: MaskingRules, keyedHash: KeyedHash): Masked {
  requireJson(text);
  return guarded(() => {
    const scan = scanOf(text, rules, keyedHash);
    if (scan.rules.length === 0) return { text, findings: [] };
    const findings: Finding[] = [];
    const edits = scanJson(text, scan, 0, (found, path) => {
      const pointer = path.pointer();
      for (const entry of found) findings.push(findingOf(entry, pointer));
    });
    return { text: replace(text, edits), findings };
  });
}

/**
 * Masks plain text; when all of it is a JSON object or array, as JSON.
 *
 * @returns findings with an empty pointer, places within the text
 * @throws MaskingError when a rule fails
 */
export function maskText(text: string, rules: MaskingRules, keyedHash: KeyedHash): Masked {
  return guarded(() => {
    const found = scanString(text, undefined, scanOf(text, rules, keyedHash), 0);
    return { text: replace(text, found), findings: found.map((entry) => findingOf(entry, "")) };
  });
}

const findingOf = ({ kind, start, end, tag }: Found, pointer: string): Finding => ({
  kind,
  pointer,
  start,
  length: end - start,
  tag,
});

function replace(text: string, edits: readonly Found[]): string {
  if (edits.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, replacement } of edits) {
    parts.push(text.slice(at, start), replacement);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    // The parser's own error quotes the text.
    throw new MaskingError("the text to mask is not JSON");
  }
}

function guarded(run: () => Masked): Masked {
  try {
    return run();
  } catch (cause) {
    throw new MaskingError(`masking failed: ${cause instanceof Error ? cause.name : "unknown"}`);
  }
}
