import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

/**
 * Chinese resident identity numbers: region, birth, order and a check by ISO 7064.
 *
 * @see https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno=080D6FBF2BB468F9007657F26D60013E
 */
export const cnResidentId = numberRule({
  kind: "CN_RESIDENT_ID",
  digits: 17,
  unbroken: true,
  hint: /[1-9][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9]{5}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    "10X98765432".charAt(weighted(number, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11) ===
    number.at(-1),
  named: "always",

  examples: [{ text: "身份证号 11010519491231002X", secret: "11010519491231002X" }],
  counterExamples: ["110105194912310021"],
});
