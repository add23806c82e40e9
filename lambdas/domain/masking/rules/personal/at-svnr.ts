import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /svnr|sozialversicherung|sv-n|vsnr/i;

/**
 * Austrian social security numbers: serial with check digit, and birth.
 *
 * @see https://www.sozialversicherung.at/
 */
export const atSvnr = numberRule({
  kind: "AT_SVNR",
  signs: ["svnr", "sozialversicherung", "sv-n", "vsnr"],
  hint: /[0-9]{4} ?[0-9]{6}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[1-9][0-9]{3} ?(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-5])[0-9]{2}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => weighted(number, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(number.charAt(3)),
  named: NAMED,

  examples: [{ text: "SVNR 1237 010180", secret: "1237 010180" }],
  counterExamples: ["1237 010180", "SVNR 1238 010180"],
});
