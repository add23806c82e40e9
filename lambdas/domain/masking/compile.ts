import type { MaskingConfig } from "../../../lib/config/masking.ts";
import { madeOnce } from "../remembered.ts";
import type { MaskingRules } from "./finding.ts";
import { type Rule, spansOf } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import { compileSigns } from "./signs.ts";
import { STAND_INS } from "./stand-in.ts";

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
  const credentials = new Set(rules.filter(({ family }) => family === "credential").map(({ kind }) => kind));
  const masks = new Set([...rules.map((rule) => mask(rule.kind)), ...STAND_INS]);
  const ranks = new Map(rules.map(({ kind }, at) => [kind, at]));
  return { rules, ranks, signs: compileSigns(rules), credentials, allow, masks };
}

/** The same rules without those about people, whom an approver has to see to judge. */
export const credentialRules = madeOnce((masking: MaskingRules): MaskingRules => {
  const rules = masking.rules.filter(({ kind }) => masking.credentials.has(kind));
  return { ...masking, rules, signs: compileSigns(rules) };
});

/** What the caller sees of a secret: its kind and nothing that could be compared. */
export const mask = (kind: string): string => `[${kind}]`;

/** What an adopter's expression looks for nothing tells beforehand: it is asked about every text. */
const ownRule = (kind: string, expression: RegExp): Rule => ({
  kind,
  family: "credential",
  acrossLines: true,
  examples: [],
  counterExamples: [],
  find: (text) => spansOf(text, expression),
});
