import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /kimlik|\btckn|\btc ?no|t\.c\./i;

/**
 * Turkish identity numbers: eleven digits, two of them checks.
 *
 * @see https://www.nvi.gov.tr/
 */
export const trKimlik = numberRule({
  kind: "TR_KIMLIK",
  signs: ["kimlik", "tckn", "tc", "t.c."],
  hint: /[1-9][0-9]{10}/,
  expression: /(?<![A-Za-z0-9._/+-]|[0-9],)[1-9][0-9]{10}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    ((weighted(number, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10) + 10) % 10 === Number(number.charAt(9)) &&
    weighted(number, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 === Number(number.charAt(10)),
  named: NAMED,

  field: /tckn$|kimlik[_. -]?no$/i,
  examples: [{ text: "TC Kimlik No: 10000000146", secret: "10000000146" }],
  counterExamples: ["10000000146"],
});
