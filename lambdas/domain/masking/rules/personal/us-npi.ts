import { isLuhn } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bnpi\b|provider identifier/i;

/**
 * National provider identifiers of the United States: ten digits, by Luhn with the prefix 80840.
 *
 * @see https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand
 */
export const usNpi = numberRule({
  kind: "US_NPI",
  signs: ["npi", "provider identifier"],
  hint: /[12][0-9]{9}/,
  expression: /(?<![A-Za-z0-9._/+-]|[0-9],)[12][0-9]{9}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => isLuhn(`80840${number}`),
  named: NAMED,

  examples: [{ text: "NPI 1234567893", secret: "1234567893" }],
  counterExamples: ["1234567893", "NPI 1234567894"],
});
