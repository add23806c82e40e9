import { isLuhn, isRepeated } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bsin\b|social insurance|assurance sociale|\bnas\b/i;

/**
 * Canadian social insurance numbers: nine digits, by Luhn.
 *
 * @see https://www.canada.ca/en/employment-social-development/services/sin.html
 */
export const caSin = numberRule({
  kind: "CA_SIN",
  signs: ["sin", "social insurance", "assurance sociale", "nas"],
  hint: /[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[1-9][0-9]{2}([- ]?)[0-9]{3}\1[0-9]{3}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => !isRepeated(number) && isLuhn(number),
  named: NAMED,

  field: /(?:^|[_. -])sin$|social[_. -]?insurance[_. -]?number$/i,
  examples: [{ text: "SIN 130 692 544", secret: "130 692 544" }],
  counterExamples: ["130 692 544", "SIN 130 692 545"],
});
