import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /medicare/i;

/**
 * Australian Medicare cards: eight digits, a check, an issue.
 *
 * @see https://www.servicesaustralia.gov.au/medicare-card
 */
export const auMedicare = numberRule({
  kind: "AU_MEDICARE",
  signs: ["medicare"],
  hint: /[2-6][0-9]{3} ?[0-9]{5} ?[0-9]/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[2-6][0-9]{3}( ?)[0-9]{5}\1[0-9](?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => weighted(number, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(number.charAt(8)),
  named: NAMED,

  field: /medicare(?:[_. -]?(?:number|no|card))?$/i,
  examples: [{ text: "Medicare 2123 45670 1", secret: "2123 45670 1" }],
  counterExamples: ["2123 45670 1", "Medicare 2123 45671 1"],
});
