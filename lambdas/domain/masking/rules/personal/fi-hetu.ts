import { numberRule } from "../support/number-rule.ts";

/**
 * Finnish personal codes: birth, sign of the century, serial and a check character modulo 31.
 *
 * @see https://dvv.fi/en/personal-identity-code
 */
export const fiHetu = numberRule({
  kind: "FI_HETU",
  digits: 6,
  unbroken: true,
  hint: /[0-3][0-9][01][0-9]{3}[-+A-FU-Ya-fu-y]?[0-9]{3}/,
  expression:
    /(?<![A-Za-z0-9_.-])(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y](?![A-Za-z0-9_-])/g,
  isValid: (_compact, written) =>
    "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(Number(written.slice(0, 6) + written.slice(7, 10)) % 31) ===
    written.at(-1),
  named: "always",

  examples: [{ text: "henkilötunnus 131052-308T", secret: "131052-308T" }],
  counterExamples: ["131052-308U", "131352-308T"],
});
