import type { Found } from "./merge.ts";

/** The text with each stretch replaced; they are in order and apart. */
export function replace(text: string, edits: readonly Found[]): string {
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
