import { numberRule } from "../support/number-rule.ts";

/**
 * Spanish identity numbers (DNI) and those of foreigners (NIE): the letter is the number modulo 23.
 *
 * @see https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/dni/calculo-del-digito-de-control-del-nif-nie/
 */
export const esDni = numberRule({
  kind: "ES_DNI",
  digits: 7,
  unbroken: true,
  hint: /[0-9XYZxyz][0-9.]{6,9}[ -]?[A-Za-z]/,
  expression:
    /(?<![A-Za-z0-9_.,-])(?:[0-9]{8}|[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}|[XYZ][ -]?[0-9]{7})[ -]?[A-HJ-NP-TV-Z](?![A-Za-z0-9_-])/g,
  isValid: (number) =>
    "TRWAGMYFPDXBNJZSQVHLCKE".charAt(
      Number(number.slice(0, -1).replace("X", "0").replace("Y", "1").replace("Z", "2")) % 23,
    ) === number.at(-1),
  named: "always",

  examples: [
    { text: "DNI 12345678Z", secret: "12345678Z" },
    { text: "NIE: X1234567L", secret: "X1234567L" },
    { text: "con DNI 12.345.678-Z", secret: "12.345.678-Z" },
  ],
  counterExamples: ["12345678A", "X1234567A"],
});
