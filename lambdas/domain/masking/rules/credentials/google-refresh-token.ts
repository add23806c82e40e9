import { type Rule, spansOf } from "../../rule.ts";
import { body } from "../support/sample.ts";

const SAMPLE = `1//0${body(60)}`;
/** JSON may escape the slashes. */
const HINT = /1(?:\/|\\\/){2}0/;
const EXPRESSION = /(?<![A-Za-z0-9])1\/\/0[A-Za-z0-9_-]{30,}/g;

/**
 * Refresh tokens of Google OAuth.
 *
 * @see https://developers.google.com/identity/protocols/oauth2#expiration
 */
export const googleRefreshToken: Rule = {
  kind: "GOOGLE_REFRESH_TOKEN",
  family: "credential",
  signs: ["1//0"],
  examples: [{ text: `refresh ${SAMPLE}`, secret: SAMPLE }],
  counterExamples: ["1//0 of it", "https://example.com/1//0abc"],
  find: (text) => (HINT.test(text) ? spansOf(text, EXPRESSION) : []),
};
