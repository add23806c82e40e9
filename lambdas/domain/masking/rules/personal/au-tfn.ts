import { isRepeated, weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\btfn\b|tax file/i;

/**
 * Australian tax file numbers: nine digits, by weights modulo 11.
 *
 * @see https://www.ato.gov.au/individuals-and-families/tax-file-number
 */
export const auTfn = numberRule({
  kind: "AU_TFN",
  signs: ["tfn", "tax file"],
  hint: /[0-9]{3} ?[0-9]{3} ?[0-9]{3}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{3}( ?)[0-9]{3}\1[0-9]{3}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => !isRepeated(number) && weighted(number, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  named: NAMED,

  field: /(?:^|[_. -])tfn$|tax[_. -]?file[_. -]?number$/i,
  examples: [{ text: "TFN 123 456 782", secret: "123 456 782" }],
  counterExamples: ["123 456 782", "TFN 123 456 783"],
});
