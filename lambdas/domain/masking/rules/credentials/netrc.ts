import type { Rule } from "../../rule.ts";
import { valuesAfter } from "../support/values.ts";

const SAMPLE = `${"hun"}ter2`;
const EXPRESSION =
  /\b(?:machine[ \t]{1,4}\S{1,128}|default)\s{1,8}login\s{1,8}\S{1,128}\s{1,8}(?:account\s{1,8}\S{1,128}\s{1,8})?password\s{1,8}(\S{1,256})/g;

/**
 * Passwords of `.netrc`.
 *
 * @see https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
 */
export const netrc: Rule = {
  kind: "NETRC_PASSWORD",
  family: "credential",
  signs: ["login"],
  examples: [
    { text: `machine api.example.com login ada password ${SAMPLE}`, secret: SAMPLE },
    { text: `machine api.example.com\n  login ada\n  password ${SAMPLE}\n`, secret: SAMPLE },
  ],
  counterExamples: ["login with your password today", "the machine asks for login and password twice"],
  reach: 1024,
  acrossLines: true,
  find: (text) => (text.includes("login") && text.includes("password") ? valuesAfter(text, EXPRESSION) : []),
};
