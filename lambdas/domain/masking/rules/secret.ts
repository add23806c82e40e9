import { assignments } from "../assignment.ts";
import { isCode, isPlaceholder } from "../placeholder.ts";
import type { Rule } from "../rule.ts";

const WORDS =
  "secret|token|credentials?|authorization|set-cookie|(?:api|access|secret|private|account|encryption|signing|master|auth|license)[_. -]?key|connection[_. -]?string";
const HINT = new RegExp(WORDS, "i");
/** An access key id has its own rule; a list of tokens is plural only in an array, and a count of tokens is a number. */
const NAME = new RegExp(`(?:${WORDS})$`, "i");
/** Tokens that are places, not keys: of a page, of progress (the client matches it), of a parser. */
const HARMLESS =
  /(?:page|next|previous|prev|continuation|continue|progress|sync|start|resume|cursor|pagination|max|min|csrf[_-]?header|cancellation)[_. -]?token$/i;
const ABOUT = /^(?:has|is|show|hide|require|requires|no|use|enable|disable)(?:[_. -]|[A-Z])/;
const SAMPLE = `${"s3cr3t"}-${"Zk9vQ1"}`;

const isName = (name: string) => NAME.test(name) && !ABOUT.test(name) && !HARMLESS.test(name);
/** A bare word after `token:` is prose or code more often than not; a secret has digits, or length. */
const isBareValue = (value: string) =>
  !isPlaceholder(value) &&
  !isCode(value) &&
  !/\s\S+\s/.test(value) &&
  (value.length >= 24 || (value.length >= 6 && /[0-9]/.test(value)));

/** Values under names that say secret, token, key or credential, in JSON or in text. */
export const secret: Rule = {
  kind: "SECRET",
  examples: [
    { text: `client_secret=${SAMPLE}`, secret: SAMPLE },
    { text: `api_key: ${SAMPLE}`, secret: SAMPLE },
    { text: `curl -H "Authorization: Bearer ${SAMPLE}" https://example.com`, secret: SAMPLE },
    { text: `const config = { apiKey: "${SAMPLE}" };`, secret: SAMPLE },
    { text: `A=1\nSESSION_TOKEN=${SAMPLE}\nB=2`, secret: SAMPLE },
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
  ],
  mayOccurIn: (source) => HINT.test(source),
  find: (() => {
    const find = assignments({ words: WORDS, isName, isBareValue });
    return (text) => (HINT.test(text) ? find(text) : []);
  })(),
  field: isName,
};
