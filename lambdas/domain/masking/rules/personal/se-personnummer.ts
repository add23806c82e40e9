import { isLuhn } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /personnummer|personnr|pnr\b|samordningsnummer|personal identity|person[_ -]?number/i;

/**
 * Swedish personal numbers: birth, sign, serial and a check by Luhn.
 *
 * @see https://www.skatteverket.se/privat/folkbokforing/personnummer.4.3810a01c150939e893f18c29.html
 */
export const sePersonnummer = numberRule({
  kind: "SE_PERSONNUMMER",
  digits: 10,
  unbroken: true,
  hint: /[0-9]{6}[-+]?[0-9]{4}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)(?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])[-+]?[0-9]{4}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => isLuhn(number.replace("+", "").slice(-10)),
  named: NAMED,
  isTelling: (written) => /[-+]/.test(written),
  field: /person(?:nummer|nr|al[_. -]?identity[_. -]?number)$/i,
  examples: [
    { text: "personnummer 811218-9876", secret: "811218-9876" },
    { text: "19811218-9876", secret: "19811218-9876" },
    { text: "Personnummer: 8112189876", secret: "8112189876" },
  ],
  counterExamples: ["811218-9877", "8112189876", "811318-9876"],
});
