import { isVerhoeff } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /aadha{1,2}r|\buid(?:ai)?\b|आधार/i;

/**
 * Indian identity numbers: twelve digits, the last a check by Verhoeff.
 *
 * @see https://uidai.gov.in/en/my-aadhaar/about-your-aadhaar.html
 */
export const inAadhaar = numberRule({
  kind: "IN_AADHAAR",
  digits: 12,
  unbroken: true,
  hint: /[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)(?<![0-9] )[2-9][0-9]{3}([ -]?)[0-9]{4}\1[0-9]{4}(?![A-Za-z0-9_]|[ .-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: isVerhoeff,
  named: NAMED,

  field: /aadha{1,2}r(?:[_. -]?(?:number|no))?$/i,
  examples: [{ text: "Aadhaar 2345 6789 0124", secret: "2345 6789 0124" }],
  counterExamples: ["2345 6789 0124", "Aadhaar 2345 6789 0125"],
});
