import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Google OAuth.
 *
 * @see https://developers.google.com/identity/protocols/oauth2
 */
export const googleOauthToken = tokenRule({
  kind: "GOOGLE_OAUTH_TOKEN",
  signs: ["ya29."],
  expression: /(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_.-]{24,}/g,

  examples: [`ya29.${body(120)}`],
  counterExamples: ["ya29.short"],
});
