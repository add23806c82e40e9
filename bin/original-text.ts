import type { RevealPage } from "./commands/reveal.ts";
import { printedJson, visible } from "./visible.ts";

/** An original for a terminal: JSON on lines of its own, and nothing in it can steer the terminal, whoever wrote it. */
export function originalText(original: RevealPage["originals"][number]): string {
  const { record, recordedAs, occurredAt, type, server, target, session, request, response, tooLarge } = original;
  const what = [server, target].filter((word) => word !== null).join(" ");
  const nothing = request === null && response === null && tooLarge === null;
  return [
    visible(`${occurredAt}  ${type}  ${what}`).trimEnd(),
    `  record ${visible(record)} of session ${visible(session)}`,
    `  Recorded as ${visible(recordedAs)} before this was shown.`,
    ...(request === null ? [] : ["  request:", indented(request)]),
    ...(response === null ? [] : ["  response:", indented(response)]),
    ...(tooLarge === null ? [] : [`  ${tooLarge} bytes: too large among others, reveal this record alone`]),
    ...(nothing ? ["  Nothing of this record was masked: the masked archive holds it whole."] : []),
  ].join("\n");
}

const indented = (text: string): string => pretty(text).replaceAll(/^/gm, "    ");

/** Spread over lines where that changes nothing else; numbers and repeated names that parsing would lose stay as they came. */
function pretty(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (JSON.stringify(value) === text) return printedJson(value);
  } catch {
    // A piece of a body, or no JSON: shown as it is.
  }
  return visible(text);
}
