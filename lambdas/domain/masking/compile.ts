import type { MaskingConfig } from "../../../lib/config/masking.ts";
import type { MaskingRules } from "./finding.ts";
import { type Rule, spansOf } from "./rule.ts";
import { RULES } from "./rules/index.ts";

/**
 * Compiles the chosen rules.
 *
 * @param config what `parseMasking` gave
 * @param server whose answers are masked; entries of the allow-list for a server hold for it alone, and without a
 *   server for nobody
 */
export function compileMasking(config: MaskingConfig, server?: string): MaskingRules {
  const own = config.own.map(({ kind, pattern }) => ownRule(kind, new RegExp(pattern, "gu")));
  const rules = [...own, ...RULES.filter((rule) => config.rules.includes(rule.kind))];
  const allow = config.allow
    .filter((entry) => entry.server === undefined || entry.server === server)
    .map(({ kind, value }) => ({ kind, value: new RegExp(`^(?:${value})$`, "u") }));
  return { rules, allow, masks: new Set(rules.map((rule) => mask(rule.kind))) };
}

/** What the caller sees of a secret: its kind and nothing that could be compared. */
export const mask = (kind: string): string => `[${kind}]`;

/** An adopter's expression may look for signs that source text escapes, so no look at the source can rule it out. */
const ownRule = (kind: string, expression: RegExp): Rule => ({
  kind,
  examples: [],
  counterExamples: [],
  mayOccurIn: () => true,
  find: (text) => spansOf(text, expression).filter((span) => span.end > span.start),
});
