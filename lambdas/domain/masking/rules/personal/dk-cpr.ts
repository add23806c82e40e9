import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bcpr|personnummer|personal number/i;

/**
 * Danish personal numbers: birth, sign, serial. They have had no check since 2007.
 *
 * @see https://www.cpr.dk/
 */
export const dkCpr = numberRule({
  kind: "DK_CPR",
  signs: ["cpr", "personnummer", "personal number"],
  hint: /[0-3][0-9][01][0-9]{3}[- ]?[0-9]{4}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}[- ]?[0-9]{4}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => number.length === 10,
  named: NAMED,

  field: /(?:^|[_. -])cpr(?:[_. -]?(?:nr|nummer|number))?$/i,
  examples: [{ text: "CPR-nr. 070761-4285", secret: "070761-4285" }],
  counterExamples: ["070761-4285"],
});
