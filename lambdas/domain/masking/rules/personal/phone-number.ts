import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { Rule, Span } from "../../rule.ts";

/** Five digits of a run, or its last: cut in one way only, or a run that is no number would be tried in thousands. */
const DIGITS = "(?:[0-9]{5}|[0-9]{1,4}(?![0-9]))";
const BETWEEN = "(?:[ \\u00a0]?[-./–][ \\u00a0]?|[ \\u00a0]|(?=\\()|(?<=\\)))?";
const EXTENSION = "(?:,? ?(?:x|ext\\.?|extension|Durchwahl|poste|#)[ :.]{0,2}[0-9]{1,6})?";
/** Digits in groups, with what people write between them; a plus, or brackets around the area. */
const CANDIDATE = new RegExp(
  "(?<![A-Za-z0-9_$€£%]|[A-Za-z0-9][./-]|[0-9][,:#=@&]|[0-9] )(?:tel:)?(?:\\+|\\(\\+)?" +
    `\\(?(?:${DIGITS}\\)?(?:${BETWEEN}\\(?${DIGITS}\\)?){1,7}|[0-9]{2,5}\\)?)${EXTENSION}` +
    "(?![A-Za-z0-9_]|[.,:/-][0-9]|%)",
  "iy",
);
/** What a candidate begins with: sought first, for the lookbehind costs much at every character. Digits begin it as a run, or not at all. */
const BEGINNING = /[0-9]+|[+(]|tel:/gi;
const HINT = /[0-9][0-9() ./\u00a0–-]{5,}[0-9]/;
/** What says telephone, in the languages of the world's forms. */
const NAMED =
  /phone|\btel\b|tel[.:]|\bt:|mobile?\b|\bmob\b|cell\b|call(?: me)?\b|\bfax|\bdial|\btext\b|sms|whats ?app|telefon|t(?:é|e)l(?:é|e)phone|portable|handy|rufnummer|m(?:ó|o)vil|celular|cellulare|telemó?vel|puhelin|mobil|gsm|contact (?:me|us|number)|reach (?:me|us|him|her|them)|hotline|ring me|\btlf|\bpuh\b|\btelf|\bph(?: ?no)?[.:]|appelez|llam[ae]|anrufen|chiam[ai]|телефон|тел\.|电话|手机|電話|携帯|전화/i;
/** Names of fields that hold a number, however it is written; `mobile` alone may be a layout. */
const FIELD =
  /(?:^|[_. -])(?:(?:home|work|cell|mobile|tele|contact|office)[_. -]?)?phone(?:[_. -]?(?:number|no|num))?$|^(?:home|work|cell|mobile|contact|office|user|customer|billing|shipping)Phone(?:Number|No)?$|(?:mobile|fax|cell)[_. -]?(?:number|no|num)$/i;
/** The countries whose national numbers are looked for, apart from the American form. */
const REGIONS: readonly CountryCode[] = [
  "GB",
  "DE",
  "FR",
  "IT",
  "ES",
  "NL",
  "BE",
  "CH",
  "AT",
  "SE",
  "PL",
  "AU",
  "IN",
  "JP",
  "BR",
  "ZA",
  "IE",
  "PT",
  "DK",
  "NO",
  "FI",
  "MX",
  "CN",
  "KR",
  "IL",
  "TR",
  "NZ",
  "SG",
];

/**
 * Telephone numbers, checked by libphonenumber: international ones by their plus, American ones by their form, others by
 * a word near them or by the trunk zero and groups of a number that can be dialled in one of the countries above.
 *
 * @see https://github.com/google/libphonenumber/blob/master/FALSEHOODS.md
 */
export const phoneNumber: Rule = {
  kind: "PHONE_NUMBER",
  family: "personal",
  digits: 7,
  unbroken: true,
  examples: [
    { text: "call +44 20 7946 0958 now", secret: "+44 20 7946 0958" },
    { text: "(212) 555-0123", secret: "(212) 555-0123" },
    { text: "212-555-0123 x42", secret: "212-555-0123 x42" },
    { text: "Tel. 030 901820", secret: "030 901820" },
    { text: "at (0)20 7946 0018", secret: "(0)20 7946 0018" },
    { text: "le 06.12.34.56.78", secret: "06.12.34.56.78" },
    { text: "06 12 34 56 78", secret: "06 12 34 56 78" },
    { text: "phone: 2125550123", secret: "2125550123" },
    { text: '{"to":"+14155552671"}', secret: "+14155552671" },
    { text: "tel:+1-201-555-0123", secret: "tel:+1-201-555-0123" },
  ],
  counterExamples: [
    "2026-11-21 10:20:01",
    "order 2125550123",
    "v1.2.3456.7890",
    "1700000000000",
    "10.0.0.1",
    "978-3-16-148410-0",
    "1 234 567 890",
    "12345678",
    "52.520008, 13.404954",
    "0.123456789012",
    "123-456-789",
    "20261121-102001",
  ],
  reach: 192,
  find: (text) => (HINT.test(text) ? phones(text) : []),
  field: (name) => FIELD.test(name),
};

function phones(text: string): Span[] {
  const spans: Span[] = [];
  for (let match = candidateFrom(text, 0); match !== null; match = candidateFrom(text, CANDIDATE.lastIndex)) {
    const span = { start: match.index, end: match.index + match[0].length };
    const digits = match[0].replace(/(?:x|ext|Durchwahl|poste|#).*$/i, "").replace(/\D/g, "").length;
    if (digits >= 7 && digits <= 16 && isPhone(text, span, match[0])) spans.push(span);
  }
  return spans;
}

function candidateFrom(text: string, from: number): RegExpExecArray | null {
  BEGINNING.lastIndex = from;
  for (let begin = BEGINNING.exec(text); begin !== null; begin = BEGINNING.exec(text)) {
    CANDIDATE.lastIndex = begin.index;
    const match = CANDIDATE.exec(text);
    if (match !== null) return match;
  }
  return null;
}

function isPhone(text: string, { start, end }: Span, written: string): boolean {
  if (/^(?:tel:)?\(?\+/i.test(written)) return isInternational(written);
  if (NOT_A_PHONE.test(written.replace(/^\(/, ""))) return false;
  const before = text.slice(Math.max(0, start - 40), start);
  // Groups apart by blanks alone may be anything's.
  if (AMERICAN.test(written) && (/[-().]/.test(written) || !NAMED_OTHERWISE.test(before))) return true;
  if (MEASURED.test(text.slice(end, end + 12))) return false;
  const named =
    (NAMED.test(before.slice(before.search(/[^0-9]*$/))) && !NAMED_OTHERWISE.test(before)) ||
    NAMED.test(text.slice(end, end + 12).split("\n", 1)[0] ?? "");
  if (named) return isNamedNumber(written);
  if (written.startsWith("00") && /[ -]/.test(written)) return isInternational(`+${written.slice(2)}`);
  const national = written.replace(/^\(0\) ?/, "0");
  return (
    TRUNK.test(national) && REGIONS.some((region) => parsePhoneNumberFromString(national, region)?.isValid() === true)
  );
}

/** Possible rather than valid: a number not yet given out is as personal, and what follows a plus is hardly anything else. */
const isInternational = (written: string): boolean => {
  const number = parsePhoneNumberFromString(written.replace(/^tel:/i, ""));
  return number?.isPossible() === true;
};

/** After its name anything of the length of a number that groups digits as people do. */
const isNamedNumber = (written: string): boolean => {
  const digits = written.replace(/(?:x|ext|#).*$/i, "").replace(/\D/g, "");
  return digits.length >= 7 && digits.length <= 15 && !/^(.)\1+$/.test(digits);
};

/** What is counted behind a number. */
const MEASURED = /^ ?(?:bytes|[kmg]b\b|ms\b|px\b|rows|lines|items|times|users|words|characters|tokens)/i;

/** A nearer word that makes it the number of something else. */
const NAMED_OTHERWISE =
  /(?:order|step|\bid|case|ticket|invoice|ref(?:erence)?|version|build|code|pid|port|model|item|line|page|serial|account|issue|count|size|timeout|bytes|timestamp)(?: ?(?:number|no\.?|nr\.?|#))?[^A-Za-z0-9]{0,4}$/i;
/** The North American form: the area begins with 2 to 9; brackets, dashes or dots between the groups. */
const AMERICAN =
  /^(?:(?:001|1)[-. ]?)?(?:\([2-9][0-9]{2}\)[ -]?[0-9]{3}[-. ][0-9]{4}|[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}|[2-9][0-9]{2}\.[0-9]{3}\.[0-9]{4}|[2-9][0-9]{2} [2-9][0-9]{2}[- ][0-9]{4})(?:,? ?(?:x|ext).*)?$/i;
/** A zero, an area, and the rest in one or more groups of at least two digits. */
const TRUNK = /^\(?0[1-9][0-9]{0,4}\)?(?:[ \u00a0/–-]{1,3}\(?[0-9]{2,8}\)?){1,5}$|^0[1-9](?:\.[0-9]{2}){4}$/;
/** Dates, times, ranges of years, article numbers, addresses of networks. */
const NOT_A_PHONE =
  /^(?:(?:19|20)[0-9]{2}[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12][0-9]|3[01])(?![0-9]{3})|(?:0?[1-9]|[12][0-9]|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)?[0-9]{2}\b(?!\.[0-9])|(?:19|20)[0-9]{2} ?[-–] ?(?:19|20)[0-9]{2}$|97[89][- ]|[0-9]+\.[0-9]{1,3}$|.*\b[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}$|[0-9]{1,3}(?:\.[0-9]{1,3}){3}$)/;
