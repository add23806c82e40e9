import { type Rule, spansOf } from "../../rule.ts";

const FIRST = `P<UTOERIKSSON<<ANNA<MARIA${"<".repeat(19)}`;
const SECOND = `L898902C36UTO7408122F1204159ZE184226B${"<".repeat(5)}10`;
const EXPRESSION =
  /(?<![A-Z0-9<])(?:[PVIAC][A-Z0-9<][A-Z<]{3}[A-Z0-9<]{25,39}(?:\r?\n|\\n| )?[A-Z0-9<]{30,44}(?:(?:\r?\n|\\n| )?[A-Z0-9<]{30})?|[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9]{6}[0-9][MFX<][0-9]{6}[0-9][A-Z0-9<]{2,16})(?![A-Z0-9<])/g;

/**
 * Machine-readable zones of passports, visas and identity cards: the lines with the check digits of ICAO 9303, and the
 * line with the name before them.
 *
 * @see https://www.icao.int/publications/Documents/9303_p3_cons_en.pdf
 */
export const mrz: Rule = {
  kind: "MRZ",
  family: "personal",
  signs: ["<"],
  examples: [
    { text: `scan:\n${FIRST}\n${SECOND}\n`, secret: `${FIRST}\n${SECOND}` },
    { text: SECOND, secret: SECOND },
  ],
  counterExamples: [SECOND.replace("36UTO", "37UTO"), "<".repeat(44), "AAAAAAAAA<BBB<CCC"],
  reach: 320,
  find: (text) =>
    text.includes("<") ? spansOf(text, EXPRESSION).filter(({ start, end }) => isZone(text.slice(start, end))) : [],
};

/** Of passports and visas number, birth and expiry stand in the last line; of cards the number stands in the first. */
function isZone(zone: string): boolean {
  const lines = zone.split(/\r?\n|\\n| /);
  return lines.some(
    (line) =>
      (isChecked(line.slice(0, 10)) && isChecked(line.slice(13, 20)) && isChecked(line.slice(21, 28))) ||
      (line.length === 30 && isChecked(line.slice(5, 15))),
  );
}

function isChecked(field: string): boolean {
  if (!/^[A-Z0-9<]{6,}[0-9]$/.test(field)) return false;
  let sum = 0;
  for (const [at, sign] of [...field.slice(0, -1)].entries())
    sum += (sign === "<" ? 0 : Number.parseInt(sign, 36)) * ([7, 3, 1][at % 3] ?? 0);
  return sum % 10 === Number(field.at(-1));
}
