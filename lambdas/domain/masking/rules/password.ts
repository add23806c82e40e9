import { assignments } from "../assignment.ts";
import { isCode, isPlaceholder } from "../placeholder.ts";
import { type Rule, type Span, spansOf } from "../rule.ts";

const WORDS = "passw(?:or)?d|passwort|passphrase|passcode|pwd";
const HINT = new RegExp(`${WORDS}|:(?:\\/|\\\\\\/){2}`, "i");
const NAME = new RegExp(`(?:${WORDS})$`, "i");
/** `has_password`, `resetPassword`: they tell about a password, or do something to it. */
const ABOUT =
  /^(?:has|is|show|hide|require|requires|forgot|forgotten|reset|change|enable|disable|no|use)(?:[_. -]|[A-Z])/;
const IN_URL = /:\/\/[^\s:/?#@"'<>]{0,64}:[^\s/?#@"'<>]{1,256}@/g;
const SAMPLE = `${"hun"}ter2`;

const isName = (name: string) => NAME.test(name) && !ABOUT.test(name);
const find = assignments({ words: WORDS, isName, isBareValue: (value) => !isPlaceholder(value) && !isCode(value) });

/** Passwords: whatever stands under such a name, in JSON or in text, and between `:` and `@` of a URL. */
export const password: Rule = {
  kind: "PASSWORD",
  examples: [
    { text: `password=${SAMPLE}`, secret: SAMPLE },
    { text: `host: db\nPASSWORD: correct ${SAMPLE} staple\nport: 1`, secret: `correct ${SAMPLE} staple` },
    { text: `password: |\n  ${SAMPLE}\n  two\nport: 1`, secret: `${SAMPLE}\n  two` },
    { text: `export DB_PASSWORD='${SAMPLE}'`, secret: SAMPLE },
    { text: `Server=db;User Id=sa;Password=${SAMPLE};Encrypt=true`, secret: SAMPLE },
    { text: `log: {\\"passwd\\":\\"${SAMPLE}\\"}`, secret: SAMPLE },
    { text: `mysql --password ${SAMPLE} -h db`, secret: SAMPLE },
    { text: `postgres://app:${SAMPLE}@db.example.com/app`, secret: SAMPLE },
  ],
  counterExamples: [
    "password:",
    "reset_password=yes",
    "password: string;",
    "password = getPassword()",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's placeholder, as it stands in configuration files
    "password=${DB_PASSWORD}",
    "the password policy: at least 12 characters",
    "https://db.example.com:5432/app",
  ],
  mayOccurIn: (source) => HINT.test(source),
  find: (text) => (HINT.test(text) ? [...find(text), ...inUrls(text)] : []),
  field: isName,
};

function inUrls(text: string): Span[] {
  return spansOf(text, IN_URL)
    .map(({ start, end }) => ({ start: text.indexOf(":", start + 3) + 1, end: end - 1 }))
    .filter(({ start, end }) => !isPlaceholder(text.slice(start, end)));
}
