import type { MaskingConfig } from "./masking.ts";
import type { RisksConfig } from "./risks.ts";

const RISK = "mask-written-back";

/**
 * The risks, of which `mask-written-back` knows the masks of an adopter's own kinds too. The expression of `risks.yaml` knows
 * any mask of several words, and of one word only those of the shipped rules: `[EMPLOYEE]` may be anything. A catalogue
 * without that risk stays as it is.
 */
export function withOwnMasks(risks: RisksConfig, { own }: MaskingConfig): RisksConfig {
  const [known] = risks.risks.filter(({ risk, argument }) => risk === RISK && argument?.pattern !== undefined);
  if (known === undefined || own.length === 0) return risks;
  const argument = { matchCase: true as const, pattern: `\\[(?:${own.map(({ kind }) => kind).join("|")})\\]` };
  return { risks: [...risks.risks, { risk: RISK, description: known.description, argument }] };
}
