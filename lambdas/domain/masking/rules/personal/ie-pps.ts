import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bpps|personal public/i;

/**
 * Irish personal public service numbers: seven digits and one or two letters, the first a check modulo 23.
 *
 * @see https://www.gov.ie/en/department-of-social-protection/services/get-a-personal-public-service-pps-number/
 */
export const iePps = numberRule({
  kind: "IE_PPS",
  signs: ["pps", "personal public"],
  hint: /[0-9]{7}[A-Wa-w]/,
  expression: /(?<![A-Za-z0-9_.-])[0-9]{7}[A-W][A-IW]?(?![A-Za-z0-9_-])/g,
  isValid: (number) =>
    "WABCDEFGHIJKLMNOPQRSTUV".charAt(
      (weighted(number, [8, 7, 6, 5, 4, 3, 2]) +
        (/[A-I]$/.test(number.slice(8)) ? (number.charCodeAt(8) - 64) * 9 : 0)) %
        23,
    ) === number.charAt(7),
  named: NAMED,

  examples: [
    { text: "PPS number 1234567FA", secret: "1234567FA" },
    { text: "PPSN: 1234567T", secret: "1234567T" },
  ],
  counterExamples: ["1234567T", "PPS 1234567A"],
});
