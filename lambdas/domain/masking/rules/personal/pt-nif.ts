import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bnif\b|contribuinte|identifica(?:ç|c)(?:ã|a)o fiscal/i;

/**
 * Portuguese tax numbers: nine digits, the last a check modulo 11.
 *
 * @see https://www.portaldasfinancas.gov.pt/
 */
export const ptNif = numberRule({
  kind: "PT_NIF",
  signs: ["nif", "contribuinte", "fiscal"],
  hint: /[0-9]{3} ?[0-9]{3} ?[0-9]{3}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[1-356][0-9]{2}( ?)[0-9]{3}\1[0-9]{3}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => {
    const rest = weighted(number, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    return Number(number.at(-1)) === (rest < 2 ? 0 : 11 - rest);
  },
  named: NAMED,

  examples: [{ text: "NIF 123456789", secret: "123456789" }],
  counterExamples: ["123456789"],
});
