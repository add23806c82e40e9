import { body, UPPER } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Service account tokens and secret keys of 1Password.
 *
 * @see https://developer.1password.com/docs/service-accounts/
 */
export const onepasswordToken = tokenRule({
  kind: "ONEPASSWORD_TOKEN",
  signs: ["ops_eyJ", "A3-"],
  expression:
    /ops_eyJ[A-Za-z0-9+/_-]{100,}={0,3}|(?<![A-Za-z0-9-])A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}(?![A-Za-z0-9-])/g,

  examples: [
    `ops_eyJ${body(260)}`,
    `A3-${body(6, UPPER)}-${body(6, UPPER)}-${body(5, UPPER)}-${body(5, UPPER)}-${body(5, UPPER)}-${body(5, UPPER)}`,
  ],
  counterExamples: ["ops_eyJ", "A3-SIZE"],
});
