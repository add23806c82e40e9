import { isRepeated, weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bnhs|national health|patient/i;

/**
 * Numbers of patients in England, Wales and the Isle of Man: ten digits, the last a check of weights modulo 11.
 *
 * @see https://www.datadictionary.nhs.uk/attributes/nhs_number.html
 */
export const gbNhsNumber = numberRule({
  kind: "GB_NHS_NUMBER",
  signs: ["nhs", "national health", "patient"],
  hint: /[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{3}([ -]?)[0-9]{3}\1[0-9]{4}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    !isRepeated(number) && (11 - (weighted(number, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(number.at(-1)),
  named: NAMED,

  field: /nhs[_. -]?(?:number|no|num|id)?$/i,
  examples: [
    { text: "NHS number 943 476 5919", secret: "943 476 5919" },
    { text: "NHS: 9434765919", secret: "9434765919" },
  ],
  counterExamples: ["NHS 943 476 5918", "order 943 476 5919"],
});
