import { numberRule } from "../support/number-rule.ts";

/**
 * Mexican population codes: name, birth, sex, state and a check digit.
 *
 * @see https://www.gob.mx/curp/
 */
export const mxCurp = numberRule({
  kind: "MX_CURP",
  digits: 6,
  unbroken: true,
  hint: /[0-9]{6}[HMXhmx][A-Za-z]{5}/,
  expression:
    /(?<![A-Za-z0-9_-])[A-Z][AEIOUX][A-Z]{2}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z][0-9](?![A-Za-z0-9_-])/g,
  isValid: (number) => number.length === 18,
  named: "always",

  examples: [{ text: "CURP HEGG560427MVZRRL04", secret: "HEGG560427MVZRRL04" }],
  counterExamples: ["HEGG561427MVZRRL04"],
});
