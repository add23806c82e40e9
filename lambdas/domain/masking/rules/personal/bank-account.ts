import { isRepeated } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED =
  /(?:bank|checking|savings?|current|giro|deposit)[ _-]?(?:account|acct|a\/c)|(?:account|acct|a\/c)[ ._-]?(?:number|no\b|nr|#)|routing[ _-]?(?:number|no|#|transit)|\baba\b|sort[ _-]?code|kontonummer|\bbban\b|num(?:é|e)ro de compte|n(?:ú|u)mero de cuenta/i;

/**
 * Numbers of bank accounts and of American banks, by their names.
 *
 * @see https://www.aba.com/about-us/routing-number
 */
export const bankAccount = numberRule({
  kind: "BANK_ACCOUNT_NUMBER",
  signs: ["account", "acct", "a/c", "routing", "aba", "sort", "kontonummer", "bban", "compte", "cuenta"],
  hint: /[0-9]{6,17}|[0-9]{2,6}[ -][0-9]{2,10}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)(?:[0-9]{6,17}|[0-9]{2,6}(?:[ -][0-9]{2,8}){1,3})(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => number.length >= 6 && number.length <= 18 && !isRepeated(number),
  named: NAMED,

  field:
    /(?:bank[_. -]?)account[_. -]?(?:number|no|num)?$|routing[_. -]?number$|^account[_. -]?number$|sort[_. -]?code$/i,
  examples: [
    { text: "routing number 021000021", secret: "021000021" },
    { text: "my bank account is 12345678901", secret: "12345678901" },
    { text: "sort code 20-00-00", secret: "20-00-00" },
  ],
  counterExamples: ["order 021000021", "bank holiday 2026"],
});
