import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

/**
 * Swiss social security numbers: 756 and a check as of article numbers.
 *
 * @see https://www.bsv.admin.ch/bsv/en/home/social-insurance/ahv/grundlagen-gesetze/ahv-nummer.html
 */
export const chAhv = numberRule({
  kind: "CH_AHV",
  digits: 13,
  unbroken: true,
  hint: /756\.?[0-9]{4}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)756(\.?)[0-9]{4}\1[0-9]{4}\1[0-9]{2}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => weighted(number, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  named: "always",

  examples: [
    { text: "AHV 756.9217.0769.85", secret: "756.9217.0769.85" },
    { text: "7569217076985", secret: "7569217076985" },
  ],
  counterExamples: ["756.9217.0769.84"],
});
