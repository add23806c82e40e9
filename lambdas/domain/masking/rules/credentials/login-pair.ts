import type { Rule, Span } from "../../rule.ts";
import { isPasswordLike, isPossiblePassword } from "../support/password-like.ts";

const USER = "[A-Za-z0-9][\\w.@\\\\-]{0,63}";
const PAIR = new RegExp(
  [
    // user/pass: ada/…
    `(?<![A-Za-z0-9])(?:user(?:name)?s?|logins?|e?-?mail|account|id)[ ]?(?:[/|&+-]|and)[ ]?(?:password|passwd|pass|passphrase|pwd|pw)s?[ ]{0,2}(?:is|are|[:=])[ ]{0,3}["'\`]?${USER}["'\`]?[ ]?(?:[/|:]|and)[ ]?(?<both>[^\\s,;)]{1,128})`,
    // credentials: ada / …
    `(?<![A-Za-z0-9])(?:credentials?|creds|log[ ]?in(?:[ ]with|[ ]as)?|sign[ ]?in[ ]with|connect[ ]as)(?:[ ](?:are|is))?(?:[ ]?[:=][ ]{0,3}|[ ]{1,3})["'\`]?${USER}["'\`]?[ ]?[/|:][ ]?(?<one>[^\\s,;)]{1,128})`,
  ].join("|"),
  "gid",
);
const HINT = /(?:[/|&+-]|and) ?(?:pass|pwd|pw)|cred|log ?in|sign ?in|connect as/i;
const SAMPLE = `${"hun"}ter2!`;

/** A name and its password as people write them down: `user/pass: ada/…`, `credentials: ada / …`. */
export const loginPair: Rule = {
  kind: "LOGIN_PAIR",
  family: "credential",
  signs: ["pass", "pwd", "pw", "credential", "creds", "login", "log in", "signin", "sign in", "connect as"],
  reach: 384,
  examples: [
    { text: `user/pass: ada/${SAMPLE}`, secret: SAMPLE },
    { text: `Username and password: ada / ${SAMPLE}`, secret: SAMPLE },
    { text: `credentials: ada / ${SAMPLE}`, secret: SAMPLE },
  ],
  counterExamples: [
    "user/pass: see the vault",
    "user/group: www-data/www-data",
    "login: Mon 10:00 / Fri 18:00",
    "credentials: read/write",
    "login: https://example.com/a1",
    "username and password: required",
  ],
  // A slash may be escaped in the source.
  find: (text) => {
    const spans: Span[] = [];
    if (!HINT.test(text)) return spans;
    PAIR.lastIndex = 0;
    for (let match = PAIR.exec(text); match !== null; match = PAIR.exec(text)) {
      const [from, to] = match.indices?.groups?.both ?? match.indices?.groups?.one ?? [0, 0];
      const value = text.slice(from, to).replace(/["'`.]{1,3}$/, "");
      const isSecret =
        match.groups?.both === undefined
          ? isPasswordLike(value) ||
            (text.charAt(from - 1) === ":" && /[0-9]$/.test(value) && isPossiblePassword(value))
          : isPossiblePassword(value);
      if (isSecret) spans.push({ start: from, end: from + value.length });
    }
    return spans;
  },
};
