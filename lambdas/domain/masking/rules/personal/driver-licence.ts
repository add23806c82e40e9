import { numberRule } from "../support/number-rule.ts";

const NAMED =
  /driv(?:er|ing)(?:'?s|’s)? ?-?_?lic|\bDL:|(?:\bDL|\bD\.L\.|licen[sc]e) ?(?:number|no\.?|#)|f(?:ü|u|ue)hrerschein|permis de conduire|carn(?:é|e)t? de conducir|patente di guida|rijbewijs|prawo jazdy|carteira de motorista|\bcnh\b/i;

/**
 * Numbers of driving licences, by their name: every state and country has its own form.
 *
 * @see https://ntsi.com/drivers-license-format/
 */
export const driverLicence = numberRule({
  kind: "DRIVER_LICENCE",
  digits: 3,
  unbroken: true,
  hint: /[0-9]{4}|[A-Za-z][0-9]{3}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)(?=[A-Z0-9-]{0,12}[0-9]{3})[A-Z0-9]{1,9}(?:[ -]?[A-Z0-9]{1,9}){0,4}(?![A-Za-z0-9_])/g,
  isValid: (number) =>
    number.length >= 6 && number.length <= 20 && /[0-9]{3}/.test(number) && !/^(?:19|20)[0-9]{2}$/.test(number),
  named: NAMED,

  field: /driv(?:er|ing)s?[_. -]?licen[sc]e(?:[_. -]?(?:number|no|num|id))?$/i,
  examples: [
    { text: "driver's license D1234567", secret: "D1234567" },
    { text: "driving licence MORGA657054SM9IJ", secret: "MORGA657054SM9IJ" },
    { text: "DL number: F255-921-50-094-0", secret: "F255-921-50-094-0" },
  ],
  counterExamples: ["D1234567", "driver license expired"],
});
