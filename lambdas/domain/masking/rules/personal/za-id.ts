import { isLuhn } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bid\b|identity|identiteit|south afric|\brsa\b/i;

/**
 * South African identity numbers: birth, serial, citizenship and a check by Luhn.
 *
 * @see https://www.dha.gov.za/
 */
export const zaId = numberRule({
  kind: "ZA_ID",
  signs: ["id", "south afric", "rsa"],
  hint: /[0-9]{6} ?[0-9]{4} ?[01][89][0-9]/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])( ?)[0-9]{4}\1[01][89][0-9](?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: isLuhn,
  named: NAMED,

  examples: [{ text: "ID number 8001015009087", secret: "8001015009087" }],
  counterExamples: ["8001015009087", "ID 8001015009088"],
});
