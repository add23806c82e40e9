import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /f(?:ø|o|oe)dselsn|personnummer|d-nummer|national id|birth number/i;

/**
 * Norwegian birth numbers: birth, serial and two check digits.
 *
 * @see https://www.skatteetaten.no/en/person/national-registry/birth-and-name-selection/children-born-in-norway/national-id-number/
 */
export const noFodselsnummer = numberRule({
  kind: "NO_FODSELSNUMMER",
  digits: 11,
  unbroken: true,
  hint: /[0-9]{6} ?[0-9]{5}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-7][0-9](?:[048][1-9]|[159][0-2])[0-9]{2} ?[0-9]{5}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    weighted(number, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(number, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  named: NAMED,

  field: /f(?:ø|o|oe)dselsn(?:ummer|r)$/i,
  examples: [{ text: "fødselsnummer 01010750160", secret: "01010750160" }],
  counterExamples: ["01010750160", "fødselsnummer 01010750161"],
});
