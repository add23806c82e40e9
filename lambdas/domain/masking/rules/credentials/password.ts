import { type Assigned, assignments, type Value } from "../../assignment.ts";
import { isCode, isPlaceholder } from "../../placeholder.ts";
import { type Rule, type Span, spansOf } from "../../rule.ts";
import { insertedValues } from "../support/inserted.ts";
import { loginsIn } from "../support/logins.ts";
import { isPasswordLike } from "../support/password-like.ts";
import { looksRandom } from "../support/randomness.ts";
import { body } from "../support/sample.ts";
import { taggedValues } from "../support/tagged.ts";
import { isOwnName, isVariable } from "../support/value.ts";

const WORDS =
  "passw(?:or)?d|passwort|kennwort|passphrase|passcode|passwrd|pwd|contrase(?:ñ|n)a|senha|wachtwoord|heslo|mot[_ ]de[_ ]passe|passe|(?<=(?:db|database|user|admin|root|mysql|pg|my|smtp|ftp|mail|redis|ldap|proxy|auth|login|sql|wifi|ssh|vpn)[_-]?)pass|(?<![A-Za-z0-9])(?:pass|pw|pswd|psw)|(?<=[_-])(?:pass|pw|psw)|parole?|(?:wi-?fi|wlan|wpa2?|psk)[ _-]?(?:key|code)|pre[ _-]?shared[ _-]?key|(?<![A-Za-z0-9])(?:wpa[_-]?)?psk";
const NAME = new RegExp(`(?:${WORDS})(?:[_-]?[0-9]{1,2}|[_-][a-z0-9]{2,7})?$`, "i");
/** `has_password`, `resetPassword`: they tell about a password, or do something to it. */
const ABOUT =
  /(?:^|[.])(?:has|is|show|hide|require|requires|forgot|forgotten|reset|change|enable|disable|no|use|need|needs|missing|invalid|wrong|bad|should|must|can|may|did|does|no_?op|by|multi|single|two|first|second|pre|com|sur|tres|tras|en|low|high|band|all)(?:[_. -]?(?=pass$)|[_. -]|(?=[A-Z]))/;
const NOT_A_PASSWORD =
  /(?:low|high|band|all|by|com|sur|tres|multi|single|two|first|second|third|render|build|test|pre|post|compiler?|final|es|im|over|under)[_-]?pass$|(?<![a-z])(?:count|number|total|max|min|num)[_-]?pass/;
/** `pass: 12` counts tests: under a name so short only what is quoted or makes no word is a password, and no field is by it. */
const SHORT = /^(?:PASS|Pass|pass|PW|pw)$/;
const IDENTIFIED_BY = /(?<=\bidentified[ ]by(?:[ ]password)?[ ]{1,3}['"])[^'"\r\n]{1,128}(?=['"])/gi;
const MYSQL =
  /(?<=\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\r\n|;]{0,120}[ ]-p)[^\s'"-][^\s'"]{2,64}|(?<=\bredis-cli\b[^\r\n|;]{0,120}[ ]-a[ ]{1,3})[^\s'"-][^\s'"]{2,64}|(?<=\bjdbc:oracle:[a-z0-9]{1,8}:[^\s/:@]{1,64}\/)[^\s@/]{1,64}(?=@)|(?<=\bsshpass[ ]-p[ ]?['"]?)[^\s'"]{1,64}/g;
/** What the lookbehinds of `MYSQL` begin with: they cost much at every character. */
const CLIENT = /mysql|mariadb|redis-cli|jdbc:oracle|sshpass/;
const ALONE = /^(?:pw|password|passwd|passphrase|passcode|pwd|passwort|kennwort)$/i;
const SAMPLE = `${"hun"}ter2`;

const isName = (name: string) => NAME.test(name) && !ABOUT.test(name) && !NOT_A_PASSWORD.test(lastPart(name));
const lastPart = (name: string) => name.slice(name.search(/[^.$]*$/));

/** `PASS=…`, as shells and forms write it; `pass: 12` has a blank. */
const isUnspaced = ({ manner, spaced, text }: Value) => manner === "assigned" && !spaced && isPasswordLike(text);

/** A field named `pass` may count what went well; in text the value has to tell. */
function isValue(value: Value): boolean {
  if (isPlaceholder(value.text) || isOwnName(value)) return false;
  // What closes a call or a string: `getpass("Password: ")`.
  if (/^[^\p{L}\p{N}]{1,3}$/u.test(value.text)) return false;
  if (value.manner === "said")
    return ALONE.test(value.name) && !isCode(value.text) && isPasswordLike(value.text.replace(/[.!?:]$/, ""));
  if (
    SHORT.test(lastPart(value.name)) &&
    !(value.quoted && value.manner === "assigned") &&
    !looksRandom(value.text) &&
    !isUnspaced(value)
  )
    return false;
  // Beside it in a list may stand an option or a path: `"get-login-password", "--region"`.
  if (value.quoted) return value.manner !== "beside" || /^(?!--|[./])\S{4,}$/.test(value.text);
  if (/^[0-9]{1,2}[,;]?$/.test(value.text)) return false;
  // `ADMIN_PASSWORD: The password for …`: a sentence begins.
  if (value.spaced && value.next === " " && /^[A-Z][a-z]{0,6}$/.test(value.text)) return false;
  if (isCode(value.text) || isVariable(value)) return false;
  if (value.manner === "told" && /^[a-z]+[0-9]{0,3}(?:-[a-z]+)+[.!?:]?$/.test(value.text)) return false;
  if (value.manner === "told")
    return /[0-9]|[^\p{L}\s]/u.test(value.text.replace(/[.!?:]$/, "")) && value.text.length >= 4;
  return value.manner !== "assigned" || !/^[({[=>]/.test(value.text);
}

const ANCHOR = /pass|pwd?|psw|contrase|senha|kennwort|wachtwoord|heslo|parol|wi-?fi|wlan|wpa|psk|pre[ _-]?shared/gi;
const assigned: Assigned = { words: WORDS, anchor: ANCHOR, isName, isValue };
const find = assignments(assigned);

/** Passwords: whatever stands under such a name, in JSON or in text, between `:` and `@` of a URL, or where commands take them. */
export const password: Rule = {
  kind: "PASSWORD",
  family: "credential",
  signs: [
    "pass",
    "pwd",
    "pw",
    "psw",
    "contrase",
    "senha",
    "kennwort",
    "wachtwoord",
    "heslo",
    "parol",
    "identified",
    "mysql",
    "redis-cli",
    "jdbc:oracle",
    "maria",
    "://",
    "wifi",
    "wi-fi",
    "wlan",
    "wpa",
    "psk",
    "pre-shared",
    "pre_shared",
    "pre shared",
    "preshared",
    "@tcp",
    "@unix(",
    "@udp(",
    "@cloudsql",
    "@/",
  ],
  examples: [
    { text: `password=${SAMPLE}`, secret: SAMPLE },
    { text: `host: db\nPASSWORD: correct ${SAMPLE} staple\nport: 1`, secret: `correct ${SAMPLE} staple` },
    { text: `password: |\n  ${SAMPLE}\n  two\nport: 1`, secret: `${SAMPLE}\n  two` },
    { text: `export DB_PASSWORD='${SAMPLE}'`, secret: SAMPLE },
    { text: `Server=db;User Id=sa;Password=${SAMPLE};Encrypt=true`, secret: SAMPLE },
    { text: `log: {\\"passwd\\":\\"${SAMPLE}\\"}`, secret: SAMPLE },
    { text: `mysql --password ${SAMPLE} -h db`, secret: SAMPLE },
    { text: `mysql -u root -p${SAMPLE} app`, secret: SAMPLE },
    { text: `postgres://app:${SAMPLE}@db.example.com/app`, secret: SAMPLE },
    { text: `<password>${SAMPLE}</password>`, secret: SAMPLE },
    { text: `<add key="Password" value="${SAMPLE}" />`, secret: SAMPLE },
    { text: `client.setPassword("${SAMPLE}");`, secret: SAMPLE },
    { text: `CREATE USER app IDENTIFIED BY '${SAMPLE}';`, secret: SAMPLE },
    { text: `ALTER USER app WITH PASSWORD '${SAMPLE}';`, secret: SAMPLE },
    { text: `INSERT INTO users (id, password) VALUES (1, '${SAMPLE}')`, secret: SAMPLE },
    { text: `if (password.equals("${SAMPLE}")) {`, secret: SAMPLE },
    { text: `let pass: String = String::from("${SAMPLE}");`, secret: SAMPLE },
    { text: `admin_password             = "${SAMPLE}"`, secret: SAMPLE },
    { text: `password = os.getenv("PW", "${SAMPLE}")`, secret: SAMPLE },
    { text: `PASSWORD=<<EOF\n${SAMPLE}\nEOF`, secret: SAMPLE },
    { text: `psk="${SAMPLE}"`, secret: SAMPLE },
    { text: `root:${SAMPLE}2@tcp(10.0.0.5:3306)/app`, secret: `${SAMPLE}2` },
    { text: `dsn := "app:p@ss/${SAMPLE}@unix(/tmp/mysql.sock)/app"`, secret: `p@ss/${SAMPLE}` },
    { text: `"app:${SAMPLE}@/shop?parseTime=true"`, secret: SAMPLE },
    { text: `https://${body(52)}@dev.azure.com/acme`, secret: body(52) },
    { text: `<input value="${SAMPLE}" name="password">`, secret: SAMPLE },
    { text: `<input value='${SAMPLE}' id=x type="password">`, secret: SAMPLE },
    { text: `<add value="${SAMPLE}" key="DbPassword"/>`, secret: SAMPLE },
    { text: `password: str = "${SAMPLE}"`, secret: SAMPLE },
    { text: `if (password == "${SAMPLE}") {`, secret: SAMPLE },
    { text: `your password is ${SAMPLE}, change it`, secret: SAMPLE },
    { text: `log in with password ${SAMPLE}!5 there`, secret: `${SAMPLE}!5` },
    { text: `| password | ${SAMPLE} |`, secret: SAMPLE },
    { text: `Dim password As String = "${SAMPLE}"`, secret: SAMPLE },
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
    "ssh://continuous-integration-user@git.example.com/a",
    'import { a } from "@/components/password"',
    '<input value="Log in" name="submit"><input name="password">',
    "self.password = password",
    "connect(user=user, password=pwd)",
    '{"label": {"password": "Password"}}',
    "password: Enter your password",
    "password=<your-password>",
    "| user | password | role |",
    "password SHA-256 hashes",
    "password: see README",
    "tests: 12 pass, 0 fail",
    'getpass.getpass("Password: ")',
    "username, password = split",
    "password = password or default",
    "password VARCHAR(255) NOT NULL",
    "['username', 'password', '--region']",
    "INSERT INTO roles (name, pass_rate) VALUES ('ada', '5 %')",
  ],
  acrossLines: true,
  find: (text) => [
    ...find(text),
    ...loginsIn(text),
    ...(/identified/i.test(text) ? given(text, IDENTIFIED_BY) : []),
    ...(/insert\s/i.test(text) ? inserted(text) : []),
    ...(/value|content|default/i.test(text) ? tagged(text) : []),
    ...(CLIENT.test(text) ? given(text, MYSQL) : []),
  ],
  field: (name) => isName(name) && !SHORT.test(lastPart(name)),
};

/** Of a dump or a script that fills a table; a hash is as good as the password to who has time. */
const inserted = (text: string): Span[] =>
  insertedValues(text, isColumn).filter(({ start, end }) => !isPlaceholder(text.slice(start, end)));
const COLUMN =
  /^(?:\w{1,40}_)?(?:pass|pwd|passw(?:or)?d|passphrase|passwort|senha)(?:_?(?:hash|digest|crypt(?:ed)?|salt))?$/i;
const isColumn = (name: string) => COLUMN.test(name) && !ABOUT.test(name);

/** What commands are given, save variables of the shell. */
const given = (text: string, expression: RegExp): Span[] =>
  spansOf(text, expression).filter(({ start, end }) => !isPlaceholder(text.slice(start, end)));

const tagged = (text: string): Span[] =>
  taggedValues(text, isName).filter(({ start, end }) => !isPlaceholder(text.slice(start, end)));
