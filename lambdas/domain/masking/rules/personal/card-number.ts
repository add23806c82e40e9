import { type Rule, type Span, spansOf } from "../../rule.ts";

const VISA = `${"4111"}${"1111"}${"1111"}${"1111"}`;
const AMEX = `${"3782"} ${"822463"} ${"10005"}`;
/** A run of digits with at most a blank, dash or dot between them, or a dash between blanks; never inside a word, a decimal fraction or a longer number. */
const RUN = /(?<![A-Za-z0-9_.])[0-9](?:(?:[ .-]| - | {2})?[0-9]){12,}(?![A-Za-z_]|\.[0-9])/g;
const HINT = /[0-9](?:(?:[ .-]| - | {2})?[0-9]){12}/;
/** `.25` behind a number; `.0` is what a table of floating points puts there. */
const HAS_FRACTION = /^\.(?!0{1,6}(?![0-9.]))[0-9]/;
/** A number of floating point that has all its digits: `4.242424242424242e15`. */
const SCIENTIFIC = /(?<![\w.])[0-9]\.[0-9]{10,18}[eE]\+?1[0-9](?![\w.])/g;
/** Issuers' prefixes with the lengths they use: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro. */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|[689])/, [14, 16, 19]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 19]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [13, 14, 15, 16, 17, 18, 19]],
];

/** Payment card numbers: 13 to 19 digits of a known issuer with a right check digit, bare or in the groups printed on cards. */
export const cardNumber: Rule = {
  kind: "CARD_NUMBER",
  family: "personal",
  digits: 13,
  unbroken: true,
  examples: [
    { text: `card ${VISA}.`, secret: VISA },
    { text: `pay with ${AMEX}`, secret: AMEX },
    { text: "5555-5555-5555-4444 12/27", secret: "5555-5555-5555-4444" },
    { text: "4242 4242 4242 4242 123", secret: "4242 4242 4242 4242" },
    { text: "4242424242424242.0", secret: "4242424242424242" },
    { text: "a,4.242424242424242E+15,b", secret: "4.242424242424242E+15" },
    { text: "4242.4242.4242.4242", secret: "4242.4242.4242.4242" },
    { text: "4242 - 4242 - 4242 - 4242", secret: "4242 - 4242 - 4242 - 4242" },
    { text: "4242\u00a04242\u00a04242\u00a04242", secret: "4242\u00a04242\u00a04242\u00a04242" },
  ],
  counterExamples: [
    "4111111111111112",
    "1700000000000",
    "0.4111111111111111",
    "4111111111111111.25",
    "4.111111111111112e15",
    `x${VISA}`,
    `${VISA}${VISA}`,
    "9111111111111111",
    "2026-11-21 04-54-40 000",
  ],
  reach: 192,
  find: (text) => (text.length >= 13 && HINT.test(text) ? [...cards(text), ...inScience(text)] : []),
};

const inScience = (text: string): Span[] =>
  /[0-9][eE]\+?1/.test(text)
    ? spansOf(text, SCIENTIFIC).filter(({ start, end }) => isCard(String(Number(text.slice(start, end)))))
    : [];

function cards(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(RUN)) {
    const groups = [...match[0].matchAll(/[0-9]+/g)].map((group) => ({
      start: match.index + group.index,
      digits: group[0],
    }));
    for (let first = 0; first < groups.length; first += 1) {
      const last = lastGroupOfCard(text, groups, first);
      const [from, to] = [groups[first], groups[last]];
      if (!from || !to) continue;
      spans.push({ start: from.start, end: to.start + to.digits.length });
      first = last;
    }
  }
  return spans;
}

type Group = { readonly start: number; readonly digits: string };

/** The last group of the longest card that begins with group `first`, or -1. */
function lastGroupOfCard(text: string, groups: readonly Group[], first: number): number {
  let found = -1;
  let digits = "";
  let separator: string | undefined;
  let end = 0;
  // A fraction, `0.4111…`, is none; nor is what has one.
  if (text.charAt((groups[first]?.start ?? 0) - 1) === ".") return -1;
  for (let at = first; at < groups.length; at += 1) {
    const group = groups[at];
    if (!group) break;
    if (at > first) {
      const before = text.slice(end, group.start);
      separator ??= before;
      if (before !== separator || group.digits.length > 6 || group.digits.length < 2) break;
      if (at === first + 1 && digits.length !== 4) break;
    }
    digits += group.digits;
    if (digits.length > 19) break;
    end = group.start + group.digits.length;
    if (isCard(digits) && !HAS_FRACTION.test(text.slice(end, end + 9))) found = at;
  }
  return found;
}

/** Known issuer and length, and the check digit of ISO/IEC 7812 (Luhn). */
function isCard(digits: string): boolean {
  if (
    digits.length < 13 ||
    !ISSUERS.some(([prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length))
  )
    return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
