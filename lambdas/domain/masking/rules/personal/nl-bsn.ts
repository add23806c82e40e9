import { isRepeated, weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bbsn|burgerservice|sofi|citizen service/i;

/**
 * Dutch citizen service numbers: nine digits, by the eleven test.
 *
 * @see https://www.rvig.nl/bsn
 */
export const nlBsn = numberRule({
  kind: "NL_BSN",
  signs: ["bsn", "burgerservice", "sofi", "citizen service"],
  hint: /[0-9]{4}\.?[0-9]{2}\.?[0-9]{2,3}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)(?:[0-9]{8,9}|[0-9]{4}\.[0-9]{2}\.[0-9]{3})(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    !isRepeated(number) &&
    (weighted(number.padStart(9, "0"), [9, 8, 7, 6, 5, 4, 3, 2]) - Number(number.at(-1))) % 11 === 0,
  named: NAMED,

  field: /(?:^|[_. -])bsn$|burgerservicenummer/i,
  examples: [{ text: "BSN 111222333", secret: "111222333" }],
  counterExamples: ["111222333", "BSN 111222334"],
});
