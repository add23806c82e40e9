import { numberRule } from "../support/number-rule.ts";

/**
 * Identity cards of Hong Kong: letters, six digits, a check in brackets.
 *
 * @see https://www.immd.gov.hk/eng/services/hkid.html
 */
export const hkId = numberRule({
  kind: "HK_ID",
  digits: 6,
  unbroken: true,
  hint: /[A-Za-z][0-9]{6}\([0-9Aa]\)/,
  expression: /(?<![A-Za-z0-9_-])[A-Z]{1,2}[0-9]{6}\([0-9A]\)/g,
  isValid: (number) => {
    const full = number.length === 8 ? ` ${number}` : number;
    let sum = 0;
    for (const [at, sign] of [...full].entries()) sum += (9 - at) * (sign === " " ? 36 : Number.parseInt(sign, 36));
    return sum % 11 === 0;
  },
  named: "always",

  examples: [{ text: "HKID A123456(3)", secret: "A123456(3)" }],
  counterExamples: ["A123456(4)"],
});
