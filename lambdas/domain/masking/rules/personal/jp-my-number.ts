import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /my ?number|individual number|マイナンバー|個人番号/i;

/**
 * Japanese individual numbers: twelve digits, the last a check modulo 11.
 *
 * @see https://www.digital.go.jp/en/policies/mynumber
 */
export const jpMyNumber = numberRule({
  kind: "JP_MY_NUMBER",
  digits: 12,
  unbroken: true,
  hint: /[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{4}([ -]?)[0-9]{4}\1[0-9]{4}(?![A-Za-z0-9_]|[ .-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => {
    const rest = weighted(number, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    return Number(number.at(-1)) === (rest <= 1 ? 0 : 11 - rest);
  },
  named: NAMED,

  examples: [{ text: "マイナンバー 1234 5678 9018", secret: "1234 5678 9018" }],
  counterExamples: ["1234 5678 9018"],
});
