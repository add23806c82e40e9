import type { MaskingConfig } from "../../../lib/config/masking.ts";
import { CountersignError } from "../error.ts";
import { compileMasking, maskJson, maskText } from "../masking/index.ts";
import { placesOf, QUARANTINED } from "./hidden-forms.ts";
import { isJson } from "./is-json.ts";
import type { Remasked } from "./quarantine.ts";

/**
 * Masks texts by the present rules, and by the very texts that the rules missed, in every form that the engine reads.
 *
 * @param server whose answers these are; its allow-list holds
 * @param missed texts that must not be seen
 * @returns a function that throws CountersignError `bad_request` where one of them stands after all: it says where
 */
export function remaskBy(
  config: MaskingConfig,
  server: string | undefined,
  missed: readonly string[],
): (text: string) => Remasked {
  const secrets = missed.filter((text) => !IS_MASK.test(text));
  // One that finds nothing is there always: what was masked by another order is a mask to this one.
  const own = [...secrets.map(literally), NOTHING].map((pattern) => ({ kind: QUARANTINED, pattern }));
  const rules = compileMasking({ ...config, own: [...own, ...config.own] }, server);
  // Tags need a key that is the gateway's alone; what was missed had none before either.
  const noTag = () => "";
  return (text) => {
    const { text: masked, findings } = (isJson(text) ? maskJson : maskText)(text, rules, noTag);
    const places = placesOf(masked, secrets);
    if (places.length > 0) throw new CountersignError("bad_request", unreached(places));
    return { text: masked, findings };
  };
}

/** A mask is nothing that could be hidden. */
const IS_MASK = /^\[[A-Z][A-Z0-9_]*\]$/;
const NOTHING = "[^\\s\\S]";

const unreached = (places: readonly string[]) =>
  `the text stands where masking cannot reach it, at ${places.map((place) => JSON.stringify(place)).join(", ")}: nothing was changed; order that place first, or the text in the form that stands there`;

const literally = (text: string): string => text.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
