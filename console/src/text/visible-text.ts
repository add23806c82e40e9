import { lookalikesIn } from "./lookalikes.ts";

/** A stretch of text: as it is, or a name for what cannot be seen or passes for something else. */
export type Stretch = { readonly kind: "plain" | "hidden" | "break" | "lookalike"; readonly text: string };

/**
 * Characters that show as nothing, as another character or that turn the order of what follows: controls, format
 * characters (bidi overrides, zero-width joiners, tags), surrogates, private use, unassigned, odd spaces, variation
 * selectors, the letters that Unicode draws blank, and what is drawn over the letter before it, as if struck out. An
 * approver must see that they are there.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u2800\u3164\uffa0]|\p{Variation_Selector}|\p{Me}|[\u0334-\u0338]|\u034f|\u17b4|\u17b5/u;

/**
 * Cuts text into what can be shown as it is and what needs a name, such as `U+202E`.
 *
 * @param text a text, or a part of one
 * @param lookalikes where in the whole text characters pass for others
 * @param start where in the whole the part begins
 */
export function visibleText(text: string, lookalikes = lookalikesIn(text), start = 0): Stretch[] {
  const stretches: Stretch[] = [];
  let plain = "";
  let at = start;
  const flush = () => {
    if (plain !== "") stretches.push({ kind: "plain", text: plain });
    plain = "";
  };
  for (const character of text) {
    const misleads = lookalikes.has(at);
    at += character.length;
    if (!misleads && !UNSEEN.test(character)) {
      plain += character;
      continue;
    }
    flush();
    const kind = misleads ? "lookalike" : character === "\n" ? "break" : "hidden";
    stretches.push({ kind, text: nameOf(character) });
  }
  flush();
  return stretches;
}

function nameOf(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
