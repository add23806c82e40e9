import type { Rule, Span } from "../../rule.ts";
import { isPasswordLike, isPossiblePassword } from "../support/password-like.ts";
import { valuesAfter } from "../support/values.ts";

/** What logs in: the last literal of two is the password, whatever it looks like. */
const LOGIN =
  "login|log_in|logon|sign_?in|(?:set)?basic_?auth(?:entication)?|httpbasicauth|http_?auth|httpdigestauth|with_?credentials?|(?:password|network|usernamepassword|login|user|basic)_?credentials?|pscredential|credentials?\\.(?:basic|of|create|plain)|wifi\\.begin|authenticate|auth\\(\\)(?:\\.preemptive\\(\\))?\\.(?:basic|digest|form|ntlm)|sp_addlogin";
/** What connects, or holds more than a login: among its literals one has to look like a password. */
const CONNECT = "create_?(?:super_?)?user|[a-z_]{0,24}(?:connect|auth|credentials?|creds|getconnection)|pdo";
/** What signs and encrypts: the second argument is the key. */
const SIGN =
  "jwt\\.(?:sign|encode|verify|decode)|create_?(?:hmac|cipher(?:iv)?|decipher(?:iv)?)|hash_hmac|aes\\.(?:en|de)crypt";
/** A literal of each of those names: sought first, for the expression costs much at every character. */
const ANCHOR =
  /auth|log_?(?:in|on)|sign_?in|cred|connect|create_?(?:super_?)?user|wifi\.begin|pdo|jwt\.|hmac|cipher|aes\./gi;
const CALL = new RegExp(
  `(?:(?<login>${LOGIN})|(?<sign>${SIGN})|(?<connect>${CONNECT}))(?:[ \\t]{0,2}\\([ \\t]{0,4}|["']?[ \\t]{0,4}(?:=|:|=>)[ \\t]{0,4}[([]?[ \\t]{0,4}|[ \\t]{1,2}(?=['"]))`,
  "yi",
);
const ARGUMENT =
  /(?:[A-Za-z_]\w{0,32}[ \t]?[=:][ \t]?)?(?:[rbuLN@]{0,2}(["'])((?:(?!\1)[^\\\r\n]|\\[^\r\n]){0,128})\1|[A-Za-z_$@][\w.$>()-]{0,64}|[0-9]{1,6}|\{[^{}\r\n]{0,128}\})[ \t]{0,4}([,)\]]|(?![^\r\n]))/y;
const MOST_ARGUMENTS = 6;
/** No list of arguments with a password in it is longer. */
const LONGEST = 400;
/** What takes the key itself, first. */
const KEYED = /(?:SecretKeySpec|DESKeySpec|Fernet|AES\.new)\([ \t]{0,2}b?["']([^"'\s]{8,128})(?=["'])/g;
const SAMPLE = `${"hun"}ter2!`;

/** Passwords and keys that code passes by their place: `login("ada", "…")`, `auth=("ada", "…")`, `jwt.sign(claims, "…")`. */
export const secretArgument: Rule = {
  kind: "SECRET_ARGUMENT",
  family: "credential",
  signs: [
    "auth",
    "login",
    "logon",
    "log_in",
    "signin",
    "sign_in",
    "cred",
    "connect",
    "create_user",
    "createuser",
    "create_superuser",
    "createsuperuser",
    "secretkeyspec",
    "fernet",
    "deskeyspec",
    "wifi",
    "pdo",
    "jwt",
    "hmac",
    "cipher",
    "aes.",
  ],
  reach: 640,
  examples: [
    { text: `auth = ('admin', '${SAMPLE}')`, secret: SAMPLE },
    { text: `requests.get(url, auth=("ada", "${SAMPLE}"))`, secret: SAMPLE },
    { text: `smtp.login("ada@example.com", "${SAMPLE}")`, secret: SAMPLE },
    { text: `new NetworkCredential("svc", "${SAMPLE}", "CORP")`, secret: SAMPLE },
    { text: `DriverManager.getConnection(url, "scott", "${SAMPLE}")`, secret: SAMPLE },
    { text: `User.objects.create_user("ada", "ada@example.com", "${SAMPLE}")`, secret: SAMPLE },
    { text: `new SecretKeySpec("${SAMPLE}-2".getBytes(), "AES")`, secret: `${SAMPLE}-2` },
    { text: `jwt.sign(claims, "${SAMPLE}")`, secret: SAMPLE },
  ],
  counterExamples: [
    'login("username", "password")',
    "auth = (username, password)",
    "auth = ('basic', 'digest')",
    'connect("localhost", "users")',
    'jwt.verify(token, process.env.KEY, "HS256")',
    'connect("db1.example.com:5432", "app")',
    "authorize('update', 'post')",
  ],
  find: (text) => {
    const spans: Span[] = [];
    ANCHOR.lastIndex = 0;
    for (let name = ANCHOR.exec(text); name !== null; name = ANCHOR.exec(text)) {
      CALL.lastIndex = beginOfName(text, name.index);
      const call = CALL.exec(text);
      if (call === null) continue;
      ANCHOR.lastIndex = CALL.lastIndex;
      const { login, sign } = call.groups ?? {};
      const literals = literalsFrom(text, CALL.lastIndex);
      const found = literals.find(({ value, place, isLast }) =>
        sign !== undefined
          ? place === 1 && isPossiblePassword(value) && !/^(?:[HREP]S|A)[0-9]{3}/.test(value)
          : isPasswordLike(value) || (login !== undefined && place === 1 && isLast && isPossiblePassword(value)),
      );
      if (found) spans.push({ start: found.start, end: found.end });
    }
    const keys = valuesAfter(text, KEYED).filter(({ start, end }) => isPossiblePassword(text.slice(start, end)));
    return [...spans, ...keys];
  },
};

function beginOfName(text: string, at: number): number {
  let begin = at;
  while (begin > 0 && at - begin < 32 && /[A-Za-z0-9_$]/.test(text.charAt(begin - 1))) begin -= 1;
  return begin;
}

interface Literal extends Span {
  readonly value: string;
  readonly place: number;
  readonly isLast: boolean;
}

/** The quoted arguments behind the first: a password follows a name, an address or what is signed. */
function literalsFrom(text: string, from: number): Literal[] {
  const literals: Literal[] = [];
  ARGUMENT.lastIndex = from;
  for (let place = 0; place < MOST_ARGUMENTS; place += 1) {
    while (/[ \t]/.test(text.charAt(ARGUMENT.lastIndex))) ARGUMENT.lastIndex += 1;
    const begin = ARGUMENT.lastIndex;
    if (begin - from > LONGEST) break;
    const match = ARGUMENT.exec(text);
    if (match === null) break;
    const [whole, quote, value, next] = match;
    const isLast = next !== ",";
    if (quote !== undefined && value !== undefined && place > 0) {
      const start = begin + whole.indexOf(quote) + 1;
      literals.push({ start, end: start + value.length, value, place, isLast });
    }
    if (isLast) break;
  }
  return literals;
}
