import { looksRandom } from "../support/randomness.ts";
import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Mailgun, old form and new.
 *
 * @see https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt
 */
export const mailgunKey = tokenRule({
  kind: "MAILGUN_API_KEY",
  signs: ["key-"],
  expression: /(?<![A-Za-z0-9_-])key-[0-9a-z]{32}(?![0-9A-Za-z_-])/g,

  isToken: (value) => looksRandom(value.slice(4)),
  examples: [`key-${body(32, HEX)}`],
  counterExamples: ["key-value-store", `api-key-${body(20, HEX)}`],
});
