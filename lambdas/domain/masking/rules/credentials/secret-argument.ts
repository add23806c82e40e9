import type { Rule, Span } from "../../rule.ts";
import { isPasswordLike, isPossiblePassword } from "../support/password-like.ts";

/** What logs in: the last literal of two is the password, whatever it looks like. */
const LOGIN =
  "login|log_in|logon|sign_?in|(?:set)?basic_?auth(?:entication)?|httpbasicauth|http_?auth|httpdigestauth|with_?credentials?|(?:password|network|usernamepassword|login|user|basic)_?credentials?|pscredential|wifi\\.begin|authenticate|sp_addlogin";
/** What connects, or holds more than a login: among its literals one has to look like a password. */
const CONNECT = "[a-z_]{0,24}(?:connect|auth|credentials?|creds|getconnection)|new pdo";
/** What signs and encrypts: the second argument is the key. */
const SIGN =
  "jwt\\.(?:sign|encode|verify|decode)|create_?(?:hmac|cipher(?:iv)?|decipher(?:iv)?)|hash_hmac|aes\\.(?:en|de)crypt";
const CALL = new RegExp(
  `(?<![A-Za-z0-9])(?:[A-Za-z_$][\\w$]{0,32}(?:\\.|->|::))?(?:(?<login>${LOGIN})|(?<sign>${SIGN})|(?<connect>${CONNECT}))(?:[ \\t]{0,2}\\([ \\t]{0,4}|["']?[ \\t]{0,4}(?:=|:|=>)[ \\t]{0,4}[([]?[ \\t]{0,4}|[ \\t]{1,2}(?=['"]))`,
  "gi",
);
const ARGUMENT =
  /(?:[A-Za-z_]\w{0,32}[ \t]?[=:][ \t]?)?(?:[rbuLN@]{0,2}(["'])((?:(?!\1)[^\\\r\n]|\\[^\r\n]){0,128})\1|[A-Za-z_$@][\w.$>()-]{0,64}|[0-9]{1,6}|\{[^{}\r\n]{0,128}\})[ \t]{0,4}([,)\]]|(?![^\r\n]))/y;
const MOST_ARGUMENTS = 6;
const HINT = /auth|log|sign|cred|connect|wifi|pdo|jwt|hmac|cipher|aes/i;
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
    "wifi",
    "pdo",
    "jwt",
    "hmac",
    "cipher",
    "aes.",
  ],
  reach: 1200,
  examples: [
    { text: `auth = ('admin', '${SAMPLE}')`, secret: SAMPLE },
    { text: `requests.get(url, auth=("ada", "${SAMPLE}"))`, secret: SAMPLE },
    { text: `smtp.login("ada@example.com", "${SAMPLE}")`, secret: SAMPLE },
    { text: `new NetworkCredential("svc", "${SAMPLE}", "CORP")`, secret: SAMPLE },
    { text: `DriverManager.getConnection(url, "scott", "${SAMPLE}")`, secret: SAMPLE },
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
  mayOccurIn: (source) => HINT.test(source),
  find: (text) => {
    const spans: Span[] = [];
    CALL.lastIndex = 0;
    for (let call = CALL.exec(text); call !== null; call = CALL.exec(text)) {
      const { login, sign } = call.groups ?? {};
      const literals = literalsFrom(text, CALL.lastIndex);
      const found = literals.find(({ value, place, isLast }) =>
        sign !== undefined
          ? place === 1 && isPossiblePassword(value) && !/^(?:[HREP]S|A)[0-9]{3}/.test(value)
          : isPasswordLike(value) || (login !== undefined && place === 1 && isLast && isPossiblePassword(value)),
      );
      if (found) spans.push({ start: found.start, end: found.end });
    }
    return spans;
  },
};

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
