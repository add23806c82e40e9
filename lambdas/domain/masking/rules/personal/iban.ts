import type { Rule, Span } from "../../rule.ts";
import { remainder } from "../support/checksums.ts";

/** Length of an account number by country, from the register of SWIFT. */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BI: 27,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DJ: 27,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FK: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HN: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MN: 20,
  MR: 27,
  MT: 31,
  MU: 30,
  NI: 28,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  RU: 33,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  SO: 23,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
  YE: 30,
};
const START = /(?:(?<![A-Za-z0-9])|(?<=\bIBAN))[A-Za-z]{2}[0-9]{2}[ .-]?[A-Za-z0-9]{2}/gi;

/**
 * International bank account numbers: country, its length, and the check modulo 97; in one piece or in groups.
 *
 * @see https://www.swift.com/standards/data-standards/iban-international-bank-account-number
 */
export const iban: Rule = {
  kind: "IBAN",
  family: "personal",
  digits: 8,
  examples: [
    { text: "IBAN DE89 3704 0044 0532 0130 00.", secret: "DE89 3704 0044 0532 0130 00" },
    { text: "GB82WEST12345698765432", secret: "GB82WEST12345698765432" },
    {
      text: "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000",
      secret: "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000",
    },
    { text: "pay nl91abna0417164300 today", secret: "nl91abna0417164300" },
    { text: "FR14-2004-1010-0505-0001-3M02-606", secret: "FR14-2004-1010-0505-0001-3M02-606" },
  ],
  counterExamples: [
    "DE89 3704 0044 0532 0130 01",
    "GB82WEST1234569876543",
    "XX82WEST12345698765432",
    "ab12cd34ef56ab78cd90",
  ],
  reach: 192,
  find: (text) => {
    const spans: Span[] = [];
    START.lastIndex = 0;
    for (let match = START.exec(text); match; match = START.exec(text)) {
      const end = endOfNumber(text, match.index);
      if (end !== undefined) spans.push({ start: match.index, end });
      START.lastIndex = end ?? match.index + 2;
    }
    return spans;
  },
};

function endOfNumber(text: string, start: number): number | undefined {
  const length = LENGTHS[text.slice(start, start + 2).toUpperCase()];
  if (length === undefined) return undefined;
  let compact = "";
  let at = start;
  while (compact.length < length && at < text.length) {
    const sign = text.charAt(at);
    if (/[A-Za-z0-9]/.test(sign)) compact += sign.toUpperCase();
    else if (!/[ .-]/.test(sign) || !/[A-Za-z0-9]/.test(text.charAt(at + 1))) break;
    at += 1;
  }
  if (compact.length < length || /[A-Za-z0-9]/.test(text.charAt(at))) return undefined;
  const digits = [...compact.slice(4), ...compact.slice(0, 4)].map((sign) => Number.parseInt(sign, 36)).join("");
  return remainder(digits, 97) === 1 ? at : undefined;
}
