import { isPlaceholder } from "../../placeholder.ts";

/** Paths, addresses, mappings of ports, lists, variables of shells and templates. */
const NOT_A_PASSWORD = /^[-/~.$%<{[\\]|:\/\/|^[a-z]:\\|^[\w.-]{1,64}:[0-9]{1,5}\b|^[\w.-]{1,64}@[\w-]{1,64}\.[a-z]/i;
const MARKS = /[!#$%^&*?+~@]/;
/** `db1`, `utf8mb4`, `sha256`, `python3.11`, `127.0.0.1`: what names with numbers look like. */
const NAME_WITH_NUMBER =
  /^[a-z]{1,24}(?:[-_.][a-z]{1,24}){0,3}[-_.]?[0-9.]{0,6}$|^[A-Za-z]{2,24}[0-9]$|^[A-Z][A-Z0-9_]*$|^[0-9.,:/x-]+$/;
const PATH = /^[\w.-]{1,64}(?:\/[\w.-]{0,64}){1,16}$/;
const STANDARD = /^(?:sha|md|aes|rsa|v|pbkdf|base|ipv|tls|utf|utf8mb|http|oauth|saml)-?[0-9]/i;

/** Whether a text reads as a password by itself, where nothing but its place says so: signs or digits among letters. */
export function isPasswordLike(text: string): boolean {
  if (!isPossiblePassword(text) || !/[A-Za-z]/.test(text)) return false;
  if (MARKS.test(text)) return true;
  return /[0-9]/.test(text) && !NAME_WITH_NUMBER.test(text) && !STANDARD.test(text) && !PATH.test(text);
}

/** Whether nothing speaks against a text in the place of a password. */
export const isPossiblePassword = (text: string): boolean =>
  text.length >= 5 &&
  text.length <= 128 &&
  !/\s/.test(text) &&
  !isPlaceholder(text) &&
  !NOT_A_PASSWORD.test(text) &&
  !ABOUT.test(text);

/** What is called by its own name: `("username", "password")`. */
const ABOUT =
  /^(?:[\w-]{0,16}(?:user|password|passwd|username|login|token|admin|account|email|session|required|error)(?:[_-]?(?:name|field|id))?|local(?:host)?|guest|public|private|default|bearer|strategy|failed|success)$/i;
