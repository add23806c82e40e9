import { numberRule } from "../support/number-rule.ts";

/**
 * National Insurance numbers of the United Kingdom.
 *
 * @see https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110
 */
export const gbNino = numberRule({
  kind: "GB_NATIONAL_INSURANCE",
  digits: 6,
  unbroken: true,
  hint: /[A-Za-z]{2} ?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2} ?[A-Da-d]/,
  expression:
    /(?<![A-Za-z0-9_-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]([ -]?)[0-9]{2}\1[0-9]{2}\1[0-9]{2}\1[A-D](?![A-Za-z0-9_-])/g,
  isValid: (number) => number.length === 9,
  named: "always",

  examples: [
    { text: "NI number AB123456C", secret: "AB123456C" },
    { text: "AB 12 34 56 C", secret: "AB 12 34 56 C" },
  ],
  counterExamples: ["QQ123456C", "GB123456A", "AB123456E"],
});
