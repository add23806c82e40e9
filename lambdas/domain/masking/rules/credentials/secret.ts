import { assignments, type Value } from "../../assignment.ts";
import { isCode, isPlaceholder } from "../../placeholder.ts";
import type { Rule, Span } from "../../rule.ts";
import { looksRandom } from "../support/randomness.ts";
import { taggedValues } from "../support/tagged.ts";
import { isOwnName, isVariable } from "../support/value.ts";

/** The longer first, or `secret` would take the beginning of `secret_key` and leave the rest. */
const WORDS =
  "(?:api|app|access|secret|private|account|encryption|signing|signature|master|auth|license|service|subscription|admin|write|shared|session|client|consumer|application|deploy|storage|cookie|cipher|crypt|crypto|hmac|aes|des|rsa|jwt|master|functions?|host)[_. -]?key|key[_. -]?(?:secret|material)|connection[_. -]?string|web[_. -]?hook[_. -]?url|bearer|identity[_-]?token|_auth|(?:iv|crypt)[_-]?key|(?<=[a-z_-])salt|secret|token|credentials?|creds|authorization|set-cookie";
/** An access key id has its own rule; a list of tokens is plural only in an array, and a count of tokens is a number. */
const NAME = new RegExp(`(?:${WORDS})(?:[_-]?[0-9]{1,2}|[_-][a-z0-9]{2,7})?$`, "i");
/** Tokens that are places, not keys: of a page, of progress (the client matches it), of a parser. */
const HARMLESS =
  /(?:page|next|previous|prev|continuation|continue|progress|sync|start|resume|cursor|pagination|max|min|num|total|prompt|completion|input|output|stop|eos|bos|pad|unk|mask|sep|cls|first|last|syntax|lexer|unexpected|invalid|csrf[_-]?header|cancellation|change|next[_-]?batch|since|public[_-]?key|idempotency|correlation)[_. -]?(?:token|secret|key)$|(?:public|primary|foreign|partition|sort|cache|host[_-]?public)[_. -]?key$/i;
const ABOUT = /(?:^|\.)(?:has|is|show|hide|require|requires|no|use|enable|disable|missing|invalid)(?:[_. -]|(?=[A-Z]))/;
/** Names that can mean nothing but the secret itself: what is quoted under them is believed. */
const PLAIN =
  /(?:secret|secret[_. -]?key|private[_. -]?key|api[_. -]?key|api[_. -]?token|(?:access|auth|bearer|refresh|session)[_. -]?token|signing[_. -]?key|encryption[_. -]?key|connection[_. -]?string|hook[_. -]?url)[_-]?[0-9]{0,2}$/i;
/** What signs and encrypts: an environment or an object may be called `prod-secret-2`, no key is. */
const KEYING =
  /(?:jwt|hmac|session|cookie|signing|encryption|crypto|app|flask|django)[_. -]?(?:secret|key)(?:[_. -]?key)?$/i;
const SAMPLE = `${"s3cr3t"}-${"Zk9vQ1"}`;

const isName = (name: string) => NAME.test(name) && !ABOUT.test(name) && !HARMLESS.test(name);
/** Words apart by signs, with few digits: an identifier, a file, a path, an address, a version. */
const WORDY = /^(?:[A-Za-z]+[0-9]{0,2}|[0-9]{1,3})(?:[ _./:@-]+(?:[A-Za-z]+[0-9]{0,2}|[0-9]{1,3}))*$/;
/** What may as well be a name, a count, a list of words, or the place of a file. */
const MAY_BE_KEY =
  /(?:^|[_. -]|(?<=[a-z])(?=[A-Z]))(?:cookies?|sid|jwts?|pat|session|[Ss]ession[_-]?[Ii]d|(?:mnemonic|seed)(?:[_-]?phrase)?|[A-Za-z]*[Tt]okens|[Kk]eys?)$/i;
const MAY_BE_WORD = /(?:secrets|passwords|passwds|passphrases|credentials)$|(?:api|access|private|secret)[_-]?keys$/i;
const PLACE =
  /(?:object|s3|file|image|blob|storage|route|query|hash|lookup|group|dedupe|map|row|item|tree|i18n|locale|message|translation|unique|natural|react|event|registry|node|parent|short|hot)[_. -]?keys?$/i;

/** The lists of secrets, and what is a secret only where it looks like one: a cookie, a session, `wallet_key`. */
function maybeField(name: string): "key" | "word" | undefined {
  if (name.length > 64 || ABOUT.test(name) || HARMLESS.test(name) || PLACE.test(name)) return undefined;
  if (MAY_BE_WORD.test(name) || /^pass$|[_-]pass$|^plain[_-]?text$/i.test(name)) return "word";
  return MAY_BE_KEY.test(name) ? "key" : undefined;
}

const ADDRESS = /^(?:https?|wss?|ftp|file|s3|gs|urn|data|mailto):/i;

function isValue(value: Value): boolean {
  const { text, quoted, name, manner } = value;
  if (manner === "said") return text.length >= 20 && looksRandom(text) && isSecret(text) && !isPlaceholder(text);
  if (text.length < 6 || isPlaceholder(text) || isOwnName(value) || /^[0-9.,]+$/.test(text))
    return quoted && /^[0-9]{8,}$/.test(text);
  if (text.startsWith("--")) return false;
  if (ADDRESS.test(text)) return /hook[_. -]?url[0-9]?$/i.test(name) || /connection/i.test(name);
  if (/connection[_. -]?string$/i.test(name)) return /(?:key|password|pwd|sig)=/i.test(text);
  if (/^[./~\\]|[<>{}]|\$\(|^\w+\(|\bfunction\b/.test(text) && !looksRandom(text)) return false;
  if (quoted && manner === "assigned" && PLAIN.test(name))
    return !WORDY.test(text) || isPlainWord(text) || (KEYING.test(name) && isWordsWithNumber(text));
  if (quoted) return !/\s\S+\s/.test(text) && isSecret(text);
  if (text.endsWith(":") || isCode(text) || isVariable(value) || /\s\S+\s/.test(text)) return false;
  return isSecret(text);
}

/** One word without a sign: under `secret` a weak secret, under `token` a word. */
const isPlainWord = (text: string) =>
  /^[A-Za-z]{0,24}[a-z][0-9]{1,8}[A-Za-z0-9]{0,24}$|^[a-z]{8,32}$/.test(text) &&
  !/(?:secret|token|test|value|string)|keys?[0-9]*$/i.test(text);

/** Words with signs and a number, or with capitals where none belong. */
const isWordsWithNumber = (text: string) => /^[\w!@#$%^&*+-]{8,}$/.test(text) && /[0-9]{2}|[a-z][0-9][a-z]/i.test(text);

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** A bare word after `token:` is prose or code more often than not; a secret has digits among letters, or no sense. */
const isSecret = (text: string) => {
  const value = text.replace(/[.,;:]$/, "");
  if (UUID.test(value)) return true;
  if (WORDY.test(value) && !looksRandom(value)) return false;
  return (/[0-9]/.test(value) && /[A-Za-z]/.test(value)) || looksRandom(value);
};

const ANCHOR = /_auth|salt|key|connection|hook|bearer|secret|token|cred|authorization|set-cookie/gi;
const find = assignments({ words: WORDS, anchor: ANCHOR, isName, isValue });

/** Of tags that name their value after it. */
const tagged = (text: string): Span[] =>
  taggedValues(text, isName).filter(({ start, end }) => {
    const value = text.slice(start, end);
    return value.length >= 12 && isSecret(value) && looksRandom(value) && !isPlaceholder(value);
  });

/** Values under names that say secret, token, key or credential, in JSON or in text. */
export const secret: Rule = {
  kind: "SECRET",
  family: "credential",
  signs: [
    "_auth",
    "salt",
    "secret",
    "token",
    "cred",
    "authorization",
    "set-cookie",
    "key",
    "connection",
    "hook",
    "bearer",
  ],
  examples: [
    { text: `client_secret=${SAMPLE}`, secret: SAMPLE },
    { text: `api_key: ${SAMPLE}`, secret: SAMPLE },
    { text: `curl -H "Authorization: Bearer ${SAMPLE}" https://example.com`, secret: SAMPLE },
    { text: `const config = { apiKey: "${SAMPLE}" };`, secret: SAMPLE },
    { text: `A=1\nSESSION_TOKEN=${SAMPLE}\nB=2`, secret: SAMPLE },
    { text: `<string name="api_key">${SAMPLE}</string>`, secret: SAMPLE },
    { text: `JWT_SECRET = "prod-signing-${"77"}x"`, secret: `prod-signing-${"77"}x` },
    { text: `deploy --auth-token ${SAMPLE} --to prod`, secret: SAMPLE },
  ],
  counterExamples: [
    "token: string",
    "max_tokens: 4096",
    "nextPageToken=abc123def",
    "progressToken: 12345678",
    "the token: it is given once",
    "token = getToken(user1)",
    "secretName=prod/database1",
    "const token = process.env.TOKEN1",
    'const TOKEN_KEY = "auth_token";',
    'apiKey: "your-api-key"',
    'token_url = "https://example.com/oauth2/token"',
    "api_key=YOUR_API_KEY",
    'cache_key = "user:123:profile2"',
  ],
  acrossLines: true,
  find: (text) => [...find(text), ...tagged(text)],
  field: isName,
  maybeField,
};
