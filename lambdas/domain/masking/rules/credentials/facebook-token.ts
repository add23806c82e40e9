import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Facebook and Instagram.
 *
 * @see https://developers.facebook.com/docs/facebook-login/guides/access-tokens
 */
export const facebookToken = tokenRule({
  kind: "FACEBOOK_TOKEN",
  signs: ["EAA"],
  expression: /(?<![A-Za-z0-9])EAA[A-Z][A-Za-z0-9]{80,}(?![A-Za-z0-9])/g,

  examples: [`EAAC${body(180)}`],
  counterExamples: ["EAAC"],
});
