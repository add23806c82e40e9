import { isRepeated } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\brrn\b|resident registration|주민/i;

/**
 * Korean resident registration numbers: birth, sign, and sex with serial.
 *
 * @see https://www.mois.go.kr/
 */
export const krRrn = numberRule({
  kind: "KR_RRN",
  digits: 13,
  unbroken: true,
  hint: /[0-9]{2}[01][0-9][0-3][0-9]-?[1-8][0-9]{6}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-?[1-8][0-9]{6}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => !isRepeated(number.slice(6)),
  named: NAMED,
  isTelling: (written) => written.includes("-"),

  examples: [{ text: "주민등록번호 820701-2409184", secret: "820701-2409184" }],
  counterExamples: ["8207012409184", "821301-2409184"],
});
