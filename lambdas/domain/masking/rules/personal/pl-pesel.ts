import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /pesel|ewidencyjny/i;

/**
 * Polish identity numbers: birth, series and a check of weights modulo 10.
 *
 * @see https://www.gov.pl/web/gov/czym-jest-numer-pesel
 */
export const plPesel = numberRule({
  kind: "PL_PESEL",
  signs: ["pesel", "ewidencyjny"],
  hint: /[0-9]{11}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{2}(?:[02468][1-9]|[13579][0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{5}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => weighted(number, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
  named: NAMED,

  field: /pesel$/i,
  examples: [{ text: "PESEL 44051401359", secret: "44051401359" }],
  counterExamples: ["44051401359", "PESEL 44051401358"],
});
