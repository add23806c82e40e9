import type { MaskingConfig } from "../../../lib/config/masking.ts";
import { CountersignError } from "../error.ts";
import { compileMasking, maskJson, maskText } from "../masking/index.ts";
import type { Remasked } from "./quarantine.ts";

/** What the copy shows where a text was that somebody named. */
const KIND = "QUARANTINED";

/**
 * Masks texts by the present rules, and by the very texts that the rules missed, in every form that the engine reads.
 *
 * @param server whose answers these are; its allow-list holds
 * @param missed texts that must not be seen
 */
export function remaskBy(
  config: MaskingConfig,
  server: string | undefined,
  missed: readonly string[],
): (text: string) => Remasked {
  const own = missed.map((text) => ({ kind: KIND, pattern: literally(text) }));
  const rules = compileMasking({ ...config, own: [...own, ...config.own] }, server);
  // Tags need a key that is the gateway's alone; what was missed had none before either.
  const noTag = () => "";
  return (text) => {
    const { text: masked, findings } = (isJson(text) ? maskJson : maskText)(text, rules, noTag);
    if (missed.some((secret) => masked.includes(secret) || masked.includes(JSON.stringify(secret).slice(1, -1))))
      throw new CountersignError(
        "masking_failed",
        "the text stands where masking cannot reach it: nothing was changed",
      );
    return { text: masked, findings };
  };
}

const literally = (text: string): string => text.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
