import { assignments } from "../../assignment.ts";
import { isPlaceholder } from "../../placeholder.ts";
import { type Rule, spansOf } from "../../rule.ts";
import { body } from "../support/sample.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SEED = body(32, BASE32);
const WORDS_OF_SEED = "witch collapse practice feed shame open despair creek road again ice least";
const NAMES =
  "(?:otp|totp|hotp|mfa|2fa|tfa)[_. -]?(?:secret|seed|key|code|token)?|authenticator[_. -]?(?:secret|key)|recovery[_. -]?(?:codes?|seed|phrase|key)|backup[_. -]?codes?|seed[_. -]?phrase|mnemonic(?:[_. -]?phrase)?|(?:one[_. -]?time|verification|security|auth(?:entication)?|login|confirmation)[_. -]?(?:code|passcode|pin)|(?<![A-Za-z])(?:pin|cvv2?|cvc2?)(?:[_. -]?(?:code|number))?";
const NAME = new RegExp(`(?:${NAMES})$`, "i");
const URI = /(?<=otpauth:\/\/[^\s"'<>]{1,300}[?&]secret=)[A-Za-z2-7]{8,128}/g;
/** A code as mails and messages give it: `481 516`. */
const CODE =
  /[0-9]{3}[ -][0-9]{3}(?![0-9-])(?<=\b[Cc]ode(?: is|:)[ ]{1,3}[0-9]{3}[ -][0-9]{3})|[0-9]{3,4}(?![0-9])(?<=\b(?:[Cc][Vv][Vv]2?|[Cc][Vv][Cc]2?)(?: code)?(?: is|:|,)?[ ]{1,3}[0-9]{3,4})/g;

const isName = (name: string) =>
  NAME.test(name) && !/(?:has|is|enable[sd]?|require[sd]?|use)[_. -]?[A-Za-z0-9]{0,8}$/.test(name.replace(NAME, ""));
const find = assignments({
  words: NAMES,
  anchor: /otp|mfa|2fa|tfa|authenticator|recovery|backup|seed|mnemonic|code|pin|cvv|cvc/gi,
  isName,
  isValue: ({ text, name }) =>
    !isPlaceholder(text) &&
    (/^(?:[a-z]{3,8} ){11,23}[a-z]{3,8}$/.test(text) ||
      (/^[A-Z2-7]{16,128}={0,6}$/i.test(text) && /[A-Z]/i.test(text) && /[2-7]/.test(text)) ||
      (/^[0-9]{3,4}$/.test(text) && /cv[vc]|pin/i.test(name)) ||
      (/^[0-9]{3}[ -]?[0-9]{3}$|^[0-9]{4}$|^[0-9]{8}$/.test(text) && /code|otp|passcode|token/i.test(name)) ||
      (/^[A-Za-z0-9]{4,6}-[A-Za-z0-9]{4,6}(?:-[A-Za-z0-9]{4,6}){0,6}$/.test(text) && /[0-9]/.test(text))),
});

/**
 * Seeds and codes of second factors, recovery codes and wallets' seed phrases, by their names.
 *
 * @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 */
export const otpSecret: Rule = {
  kind: "OTP_SECRET",
  family: "credential",
  signs: [
    "otp",
    "mfa",
    "2fa",
    "tfa",
    "recovery",
    "backup",
    "seed",
    "mnemonic",
    "code",
    "pin",
    "cvv",
    "cvc",
    "authenticator",
  ],
  examples: [
    { text: `otpauth://totp/Acme:ada?secret=${SEED}&issuer=Acme`, secret: SEED },
    { text: `TOTP_SECRET=${SEED}`, secret: SEED },
    { text: `mnemonic: "${WORDS_OF_SEED}"`, secret: WORDS_OF_SEED },
    { text: "Your verification code is 481 516", secret: "481 516" },
    { text: 'cvv: "123"', secret: "123" },
  ],
  counterExamples: [
    "otp_enabled: true",
    "security code review",
    "spin: 1234",
    "pin: latest",
    "backup codes are printed once",
  ],
  acrossLines: true,
  find: (text) => [...find(text), ...(text.includes("otpauth://") ? spansOf(text, URI) : []), ...spansOf(text, CODE)],
  field: (name) =>
    /(?:otp|totp|mfa|2fa)[_. -]?(?:secret|seed)$|^(?:cvv2?|cvc2?|mnemonic|seed[_. -]?phrase|recovery[_. -]?codes?|backup[_. -]?codes?|card[_. -]?(?:cvv|cvc|pin)|pin[_. -]?code)$/i.test(
      name,
    ),
};
