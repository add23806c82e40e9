import { isMod11And10 } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /steuer|identifikationsnummer|\bidnr|tin\b|tax[ _-]?id|tax number/i;

/**
 * German tax identification numbers: eleven digits of which one comes twice or thrice, and a check by ISO 7064.
 *
 * @see https://www.bzst.de/DE/Privatpersonen/SteuerlicheIdentifikationsnummer/steuerlicheidentifikationsnummer_node.html
 */
export const deTaxId = numberRule({
  kind: "DE_TAX_ID",
  signs: ["steuer", "identifikationsnummer", "idnr", "tin", "tax"],
  hint: /[1-9][0-9] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[1-9][0-9]([ ]?)[0-9]{3}\1[0-9]{3}\1[0-9]{3}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    new Set(number.slice(0, 10)).size >= 5 && new Set(number.slice(0, 10)).size <= 9 && isMod11And10(number),
  named: NAMED,

  field: /steuer[_. -]?(?:id|identifikationsnummer|nummer)$/i,
  examples: [
    { text: "Steuer-ID: 86 095 742 719", secret: "86 095 742 719" },
    { text: "IdNr. 86095742719", secret: "86095742719" },
  ],
  counterExamples: ["86095742719", "Steuer-ID 86095742718"],
});
