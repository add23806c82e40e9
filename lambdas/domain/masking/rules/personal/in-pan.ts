import { numberRule } from "../support/number-rule.ts";

/**
 * Indian tax numbers: five letters, of which the fourth is the kind of holder, four digits, a letter.
 *
 * @see https://www.incometax.gov.in/iec/foportal/help/individual/return-applicable-1
 */
export const inPan = numberRule({
  kind: "IN_PAN",
  digits: 4,
  unbroken: true,
  hint: /[0-9]{4}[A-Za-z]/,
  expression: /(?<![A-Za-z0-9_-])[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z](?![A-Za-z0-9_-])/g,
  isValid: (number) => !/0000/.test(number),
  named: "always",

  examples: [{ text: "PAN ABCPE1234F", secret: "ABCPE1234F" }],
  counterExamples: ["ABCDE1234F", "XABCPE1234F"],
});
