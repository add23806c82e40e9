import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

/**
 * Identity numbers of Singapore: a letter, seven digits, a check letter.
 *
 * @see https://www.ica.gov.sg/
 */
export const sgNric = numberRule({
  kind: "SG_NRIC",
  digits: 7,
  unbroken: true,
  hint: /[0-9]{7}[A-Za-z]/,
  expression: /(?<![A-Za-z0-9_-])[STFGM][0-9]{7}[A-Z](?![A-Za-z0-9_-])/g,
  isValid: isNric,
  named: "always",

  examples: [{ text: "NRIC S1234567D", secret: "S1234567D" }],
  counterExamples: ["S1234567A"],
});

function isNric(number: string): boolean {
  const series = number.charAt(0);
  const sum =
    weighted(number.slice(1), [2, 7, 6, 5, 4, 3, 2]) + (series === "T" || series === "G" ? 4 : series === "M" ? 3 : 0);
  const letters = series === "S" || series === "T" ? "JZIHGFEDCBA" : series === "M" ? "KLJNPQRTUWX" : "XWUTRQPNMLK";
  return letters.charAt(series === "M" ? 10 - (sum % 11) : sum % 11) === number.at(-1);
}
