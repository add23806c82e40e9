import { isLuhn, isRepeated } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /teudat|israeli? id|תעודת|ת\.ז/i;

/**
 * Israeli identity numbers: nine digits, by Luhn from the left.
 *
 * @see https://www.gov.il/en/departments/population_and_immigration_authority
 */
export const ilId = numberRule({
  kind: "IL_ID",
  digits: 9,
  unbroken: true,
  hint: /[0-9]{9}/,
  expression: /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{9}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => !isRepeated(number) && isLuhn(number),
  named: NAMED,

  examples: [{ text: "Teudat Zehut 123456782", secret: "123456782" }],
  counterExamples: ["123456782"],
});
