import { numberRule } from "../support/number-rule.ts";

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/**
 * Italian tax codes: name, birth, place and a check letter.
 *
 * @see https://www.agenziaentrate.gov.it/portale/web/guest/schede/istanze/richiesta-ts_cf/informazioni-codificazione-pf
 */
export const itCodiceFiscale = numberRule({
  kind: "IT_CODICE_FISCALE",
  // Where two people's codes are alike, digits become letters, from the last on: as good as never more than four of the seven.
  digits: 3,
  // Its end: at the six letters of its beginning an expression would try each word.
  hint: /[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{3}[A-Za-z](?![A-Za-z0-9])/,
  expression:
    /(?<![A-Za-z0-9_-])[A-Za-z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRSTa-ehlmprst][0-9LMNPQRSTUV]{2}[A-Za-z][0-9LMNPQRSTUV]{3}[A-Za-z](?![A-Za-z0-9_-])/g,
  isValid: isCode,
  named: "always",

  examples: [{ text: "codice fiscale RSSMRA85T10A562S", secret: "RSSMRA85T10A562S" }],
  counterExamples: ["RSSMRA85T10A562A", "ABCDEFGHIJKLMNOP"],
});

function isCode(code: string): boolean {
  let sum = 0;
  for (const [at, sign] of [...code.slice(0, 15)].entries()) {
    const value = /[0-9]/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65;
    sum += at % 2 === 0 ? Number(ODD[value]) : value;
  }
  return String.fromCharCode(65 + (sum % 26)) === code.at(-1);
}
