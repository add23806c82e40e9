import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Bearer tokens of X (Twitter), which begin with many zero bytes.
 *
 * @see https://developer.x.com/en/docs/authentication/oauth-2-0/bearer-tokens
 */
export const twitterToken = tokenRule({
  kind: "TWITTER_TOKEN",
  signs: ["AAAAAAAAAAAAAAAAAAAAA"],
  expression: /(?<![A-Za-z0-9+/])A{20,24}[A-Za-z0-9]{8,}%[A-Za-z0-9%]{30,}/g,

  examples: [`${"A".repeat(22)}${body(24)}%3D${body(48)}`],
  counterExamples: ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
});
