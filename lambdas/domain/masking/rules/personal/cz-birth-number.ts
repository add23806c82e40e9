import { remainder } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /rodn|birth number|\br\.? ?(?:č|c)\./i;

/**
 * Czech and Slovak birth numbers, divisible by 11.
 *
 * @see https://www.mvcr.cz/clanek/rady-a-sluzby-dokumenty-rodne-cislo.aspx
 */
export const czBirthNumber = numberRule({
  kind: "CZ_BIRTH_NUMBER",
  digits: 9,
  unbroken: true,
  hint: /[0-9]{6}\\?\/?[0-9]{3}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{2}(?:[05][1-9]|[16][0-2]|[27][1-9]|[38][0-2])(?:0[1-9]|[12][0-9]|3[01])\/?[0-9]{4}(?![A-Za-z0-9_/]|[.,-][0-9])/g,
  isValid: (number) => remainder(number, 11) === 0,
  named: NAMED,
  isTelling: (written) => written.includes("/"),

  examples: [{ text: "rodné číslo 736028/5163", secret: "736028/5163" }],
  counterExamples: ["736028/5164", "7360285163"],
});
