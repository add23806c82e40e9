import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Sentry, of users and organisations.
 *
 * @see https://docs.sentry.io/account/auth-tokens/
 */
export const sentryToken = tokenRule({
  kind: "SENTRY_TOKEN",
  signs: ["sntrys_", "sntryu_", "sntrya_", "sntryi_"],
  expression: /sntry(?:s_eyJ[A-Za-z0-9+/=_-]{60,}|[uai]_[0-9a-f]{64})/g,

  examples: [`sntrys_eyJ${body(150)}`, `sntryu_${body(64, HEX)}`],
  counterExamples: ["sntrys_"],
});
