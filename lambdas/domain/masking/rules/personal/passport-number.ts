import { isRepeated } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED =
  /pass?ports?(?!["'](?![ \\\t]{0,4}["']?[ \t]{0,4}[:,=|>\]])| = require| from\b|[.-][a-z]|[ ](?:control|photo|office|check|js)\b)|reisepass|pasaporte|passaporto|passeport|passaporte|paspoort|paszport|паспорт|护照|パスポート|旅券/i;

/**
 * Numbers of passports. They have no check of their own outside the machine-readable zone, so the word must stand near, and not as the name of a
 * module or of an office.
 *
 * @see https://www.icao.int/publications/pages/publication.aspx?docnum=9303
 */
export const passportNumber = numberRule({
  kind: "PASSPORT_NUMBER",
  digits: 3,
  hint: /[0-9]{2}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)(?=[A-Z0-9]{0,8}[0-9]{2})(?:[A-Z]{1,3}[ -]?[0-9]{5,8}[A-Z]?|[0-9]{8,9}|[0-9]{2}[A-Z]{2}[0-9]{5}|[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8})(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => number.length >= 6 && !isRepeated(number),
  named: NAMED,

  field: /passport[_. -]?(?:number|no|num|id)?$/i,
  examples: [
    { text: "passport C01X00T47", secret: "C01X00T47" },
    { text: "Passport No: 123456789", secret: "123456789" },
    { text: "Reisepass: L01X00T47", secret: "L01X00T47" },
  ],
  counterExamples: [
    "C01X00T47",
    "passport to success",
    "passport-jwt 400123",
    'import passport from "passport"; // 12345678',
  ],
});
