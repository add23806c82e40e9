import { remainder } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /rijksregister|registre national|national number|\bnrn\b|\bniss\b|\binsz\b/i;

/**
 * Belgian national numbers: birth, serial and a check modulo 97.
 *
 * @see https://www.ibz.rrn.fgov.be/
 */
export const beNationalNumber = numberRule({
  kind: "BE_NATIONAL_NUMBER",
  digits: 11,
  unbroken: true,
  hint: /[0-9]{2}\.?[01][0-9]\.?[0-3][0-9][-.]?[0-9]{3}\.?[0-9]{2}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{2}(\.?)[01][0-9]\1[0-3][0-9]-?[0-9]{3}\1[0-9]{2}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    ["", "2"].some((century) => 97 - remainder(century + number.slice(0, 9), 97) === Number(number.slice(9))),
  named: NAMED,
  isTelling: (written) => written.includes("."),

  examples: [
    { text: "93.05.18-223.61", secret: "93.05.18-223.61" },
    { text: "rijksregisternummer 93051822361", secret: "93051822361" },
  ],
  counterExamples: ["93.05.18-223.62", "93051822361"],
});
