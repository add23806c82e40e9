/** What a member tells of the values beside it: `{"name": "DB_PASSWORD", "value": "…"}`. */
export type Role =
  /** Its value names what is beside it. */
  | "label"
  /** Its value says of what sort that is. */
  | "type"
  /** `true` says that it is secret. */
  | "mark"
  /** It is what the others are about. */
  | "labelled"
  /** Beneath a secret's name: one of several, and none of what is beside it. */
  | "version"
  /** What the others are about is in it. */
  | "listed"
  | undefined;

const LABELS =
  /^(?:name|key|header|variable|parameter|param|field|setting|option|property|attribute|label|id|env|identifier|path)$/;
const TYPES = /^(?:type|kind)$/;
const MARKS = /^(?:is[_-]?)?(?:sensitive|secret|confidential|masked)$/i;
const LABELLED = /^(?:value|val|default)$/;
const VERSIONS = /^(?:current|latest|previous|old|new|plain|plaintext|cleartext|raw)$/;

/** What says of a secret of what sort it is, whose, since when and where: not the secret. */
const ABOUT = new Set(
  `format pattern length minimum maximum min max enum const example examples description desc title placeholder hint help
  message error errors required optional readonly algorithm alg enc hash digest scheme scope scopes issuer iss aud audience
  subject sub expires expiry expiration exp iat nbf at on date time timestamp created updated modified rotated version arn
  url uri href link ref host hostname port user username login email account owner region zone engine dbname database
  status state source provider method path file filename location policy metadata labels tags annotations fingerprint kid
  uid uuid ids usage use encoding charset mimetype mime language category group groups role roles permissions icon class
  classname style autocomplete component widget validation schema count total limit size index order rule rules stage
  namespace reason code comment comments note notes prefix suffix family mode strategy regex requirements origin
  domain realm project organization public minlength maxlength items`.split(/\s+/),
);
/** The last word of a name, however its words are put together. */
const LAST_WORD = /(?:[A-Z]?[a-z]+|[A-Z]+)[0-9]{0,2}$/;
/** Longer names are nobody's words. */
const LONGEST_WORD = 64;

const lastWordOf = (name: string) => (LAST_WORD.exec(name.slice(-LONGEST_WORD))?.[0] ?? "").toLowerCase();

export function roleOf(name: string): Role {
  if (MARKS.test(name)) return "mark";
  const last = lastWordOf(name);
  if (LABELLED.test(last)) return "labelled";
  if (VERSIONS.test(last)) return "version";
  if (last === "values" || last === "data" || last === "content") return "listed";
  if (TYPES.test(last)) return "type";
  return LABELS.test(last) ? "label" : undefined;
}

/** Whether a member of something secret tells about it, so that its value is none: the type, the owner, the place. */
export const isAbout = (name: string, role: Role): boolean =>
  role === "label" || role === "type" || role === "mark" || name.startsWith("$") || ABOUT.has(lastWordOf(name));

const SECRET_TYPE =
  /^(?:password|passphrase|passwd|secret|(?:client|shared)[_-]?secret|api[_-]?key|access[_-]?token|private[_-]?key)$/i;
/** Types that stores and forms give to what they hide, whatever it is called. */
const HIDDEN_TYPE =
  /^(?:secure[_ -]?string|secret[_ -]?(?:text|string|value)|sensitive|confidential|encrypted[_ -]?string)$/i;

/**
 * The name that a type gives to the value beside it: `{"type": "password", "value": "…"}`. Other types say of what sort a
 * value is, and `token` what a parser saw.
 */
export const nameOfType = (type: string): string | undefined =>
  SECRET_TYPE.test(type) ? type : HIDDEN_TYPE.test(type) ? "secret" : undefined;
