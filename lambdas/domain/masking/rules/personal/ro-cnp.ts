import { weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bcnp\b|cod numeric/i;

/**
 * Romanian personal codes: sex, birth, county, serial and a check modulo 11.
 *
 * @see https://depabd.mai.gov.ro/
 */
export const roCnp = numberRule({
  kind: "RO_CNP",
  signs: ["cnp", "cod numeric"],
  hint: /[1-9][0-9]{12}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[1-9][0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{6}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => {
    const rest = weighted(number, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    return Number(number.at(-1)) === (rest === 10 ? 1 : rest);
  },
  named: NAMED,

  field: /(?:^|[_. -])cnp$/i,
  examples: [{ text: "CNP 1800101221144", secret: "1800101221144" }],
  counterExamples: ["1800101221144", "CNP 1800101221145"],
});
