import type { Rule } from "../../rule.ts";
import { valuesAfter } from "../support/values.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64");
const SAMPLE = encoded(`aladdin:${"open"}sesame`);
const EXPRESSION = /(?<![A-Za-z])[Bb]asic[ \t]{1,4}["']?([A-Za-z0-9+/_-]{6,}={0,2})/g;
const CURL = /\bcurl\b[^\r\n|;]{0,400}[ ](?:-u|--user|--proxy-user)[ =]?["']?[^\s"':$]{1,64}:([^\s"'$][^\s"']{1,128})/g;
const OPTION = /CURLOPT_(?:PROXY)?USERPWD[ ]?(?:,|=>)[ ]?["'][^\s"':$]{1,64}:([^\s"'$][^\s"']{1,128})/g;
const HINT = /[Bb]asic|curl|CURLOPT/;

/**
 * Credentials of HTTP's Basic scheme: what stands after the word must decode to a name and a password.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export const basicAuth: Rule = {
  kind: "BASIC_AUTH",
  family: "credential",
  signs: ["basic", "curl"],
  examples: [
    { text: `Authorization: Basic ${SAMPLE}`, secret: SAMPLE },
    { text: `headers: {"Authorization": "Basic ${SAMPLE}"}`, secret: SAMPLE },
    { text: `curl -u admin:${"hun"}ter2 https://example.com`, secret: `${"hun"}ter2` },
  ],
  counterExamples: [
    "Basic Authentication",
    "the basic principles",
    "Visual Basic programming",
    "curl -u admin https://example.com",
  ],
  reach: 1024,
  find: (text) =>
    HINT.test(text)
      ? [
          ...valuesAfter(text, EXPRESSION).filter(({ start, end }) => isPair(text.slice(start, end))),
          ...valuesAfter(text, CURL),
          ...valuesAfter(text, OPTION),
        ]
      : [],
};

const isPair = (value: string) =>
  /^[\x20-\x7e]{1,128}:[\x20-\x7e\xa0-\xff]{0,256}$/.test(Buffer.from(value, "base64").toString("latin1"));
