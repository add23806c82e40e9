import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of SendGrid: `SG.`, an id, a secret.
 *
 * @see https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
 */
export const sendgridKey = tokenRule({
  kind: "SENDGRID_API_KEY",
  signs: ["SG."],
  expression: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}/g,

  examples: [`SG.${body(22)}.${body(43)}`],
  counterExamples: ["SG.Core.Models"],
});
