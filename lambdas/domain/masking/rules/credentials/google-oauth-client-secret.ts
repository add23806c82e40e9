import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Client secrets of Google OAuth applications.
 *
 * @see https://developers.google.com/identity/protocols/oauth2
 */
export const googleOauthClientSecret = tokenRule({
  kind: "GOOGLE_OAUTH_CLIENT_SECRET",
  signs: ["GOCSPX-"],
  expression: /GOCSPX-[A-Za-z0-9_-]{24,40}/g,

  examples: [`GOCSPX-${body(28)}`],
  counterExamples: ["GOCSPX-"],
});
