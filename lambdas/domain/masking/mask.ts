import { CountersignError } from "../error.ts";
import type { OpenBlock } from "./block.ts";
import type { Finding, KeyedHash, MaskingRules } from "./finding.ts";
import { NAMELESS } from "./member-names.ts";
import type { Found } from "./merge.ts";
import { replace } from "./replace.ts";
import { OUTERMOST, scanOf } from "./scan.ts";
import { scanJson } from "./scan-json.ts";
import { scanString } from "./scan-string.ts";

/** A text with its secrets masked, and what was masked, in the order of the text. */
export interface Masked {
  readonly text: string;
  readonly findings: readonly Finding[];
  /** What it opened and did not close, for the next message of its stream. */
  readonly open: OpenBlock;
}

/** Masking failed: the message must be withheld. Neither message nor cause quotes the text. */
export class MaskingError extends CountersignError {
  constructor(message: string, options?: ErrorOptions) {
    super("masking_failed", message, options);
  }
}

/**
 * Masks a JSON text, JSON inside its strings included. Only what was found changes, in the source itself: every other
 * byte stays, and so does the shape (types, lengths of arrays, numbers of members). Strings get `[KIND]`, numbers become
 * 0, names of members are masked and stay apart.
 *
 * @param text a whole JSON document; a JSON-RPC message keeps its id, method and progress token
 * @param open what the message before it in the same stream left open, as its masking said
 * @throws MaskingError when the text is not JSON, nests or encodes too deeply, or a rule fails
 */
export function maskJson(text: string, rules: MaskingRules, keyedHash: KeyedHash, open?: OpenBlock): Masked {
  requireJson(text);
  return guarded(() => {
    const scan = scanOf(rules, keyedHash, open);
    const findings: Finding[] = [];
    const edits = scanJson(text, scan, OUTERMOST, (found, pointer, inName) => {
      for (const entry of found) findings.push(...findingsOf(entry, pointer, inName));
    });
    return { text: replace(text, edits), findings, open: scan.open };
  });
}

/**
 * Masks plain text; when all of it is a JSON object or array, as JSON.
 *
 * @returns findings with an empty pointer, places within the text
 * @throws MaskingError when a rule fails, or it is encoded too deeply
 */
export function maskText(text: string, rules: MaskingRules, keyedHash: KeyedHash): Masked {
  return guarded(() => {
    const scan = scanOf(rules, keyedHash, undefined);
    const found = scanString(text, NAMELESS, scan, OUTERMOST);
    return {
      text: replace(text, found),
      findings: found.flatMap((entry) => findingsOf(entry, "", false)),
      open: scan.open,
    };
  });
}

const findingsOf = ({ within, ...found }: Found, pointer: string, inName: boolean): readonly Finding[] =>
  (within ?? [found]).map(({ kind, start, end, tag }) => ({
    kind,
    // Records are UTF-8, and a name may hold half a surrogate pair.
    pointer: pointer.toWellFormed(),
    ...(inName ? { inName } : {}),
    start,
    length: end - start,
    tag,
  }));

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
