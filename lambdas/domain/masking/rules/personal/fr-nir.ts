import { remainder } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

/**
 * French social security numbers (NIR): sex, birth, place, order and a key modulo 97.
 *
 * @see https://www.insee.fr/fr/metadonnees/definition/c1409
 */
export const frNir = numberRule({
  kind: "FR_NIR",
  digits: 8,
  unbroken: true,
  hint: /[1278][ .]?[0-9]{2}[ .]?[0-9]{2}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[1278]([ .]?)[0-9]{2}\1(?:0[1-9]|1[0-2]|[2-9][0-9])\1(?:[0-9]{2}|2[ABab])\1[0-9]{3}\1[0-9]{3}[ .]?[0-9]{2}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    Number(number.slice(13)) === 97 - remainder(number.slice(0, 13).replace("2A", "19").replace("2B", "18"), 97),
  named: "always",

  examples: [
    { text: "NIR 2 55 08 14 168 025 38", secret: "2 55 08 14 168 025 38" },
    { text: "255081416802538", secret: "255081416802538" },
  ],
  counterExamples: ["255081416802539"],
});
