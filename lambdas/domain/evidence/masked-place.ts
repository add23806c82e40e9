import { type Token, walk } from "../json/walk.ts";
import { QUARANTINED } from "./hidden-forms.ts";
import { isJson } from "./is-json.ts";
import type { Remasked } from "./quarantine.ts";

/**
 * The texts and numbers at a place of a body: two where a name stands there twice.
 *
 * @param text a body; one that is not JSON has no places
 * @param pointer RFC 6901
 */
export const saidAt = (text: string, pointer: string): readonly string[] =>
  leavesAt(text, pointer).map((token) => said(text, token));

/** A body with the mask at one place, whatever stands there; a number becomes 0. */
export function maskPlace(text: string, pointer: string): Remasked {
  const leaves = leavesAt(text, pointer);
  const parts: string[] = [];
  let at = 0;
  for (const { kind, offset, length } of leaves) {
    parts.push(text.slice(at, offset), kind === "number" ? "0" : JSON.stringify(`[${QUARANTINED}]`));
    at = offset + length;
  }
  const findings = leaves.map((token) => ({
    kind: QUARANTINED,
    pointer: pointer.toWellFormed(),
    start: 0,
    length: said(text, token).length,
    // Keyed hashes need a key that is the gateway's alone.
    tag: "",
  }));
  return { text: parts.join("") + text.slice(at), findings };
}

const said = (text: string, { kind, offset, length }: Token): string => {
  const source = text.slice(offset, offset + length);
  return kind === "string" ? (JSON.parse(source) as string) : source;
};

function leavesAt(text: string, pointer: string): readonly Token[] {
  if (!isJson(text)) return [];
  const found: Token[] = [];
  walk(text, {
    leaf: (token, path) => {
      const isSaid = (token.kind === "string" && token.length > 2) || token.kind === "number";
      if (isSaid && path.pointer() === pointer) found.push(token);
    },
  });
  return found;
}
