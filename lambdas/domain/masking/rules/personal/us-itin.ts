import { numberRule } from "../support/number-rule.ts";

const NAMED = /itin|tax(?:payer)?[ _-]?id|individual tax/i;

/**
 * Taxpayer identification numbers of the United States for those without a Social Security number.
 *
 * @see https://www.irs.gov/tin/itin/individual-taxpayer-identification-number-itin
 */
export const usItin = numberRule({
  kind: "US_ITIN",
  digits: 9,
  unbroken: true,
  hint: /9[0-9]{2}[- ]?[5-9][0-9][- ]?[0-9]{4}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)9[0-9]{2}([- ]?)(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])\1[0-9]{4}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => number.length === 9,
  named: NAMED,
  isTelling: (written) => written.includes("-"),

  examples: [
    { text: "ITIN 912-78-1234", secret: "912-78-1234" },
    { text: "tax id: 912781234", secret: "912781234" },
  ],
  counterExamples: ["912781234", "912-40-1234"],
});
