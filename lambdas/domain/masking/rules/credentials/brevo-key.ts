import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Brevo (Sendinblue).
 *
 * @see https://developers.brevo.com/docs/getting-started
 */
export const brevoKey = tokenRule({
  kind: "BREVO_API_KEY",
  signs: ["xkeysib-", "xsmtpsib-"],
  expression: /x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}/g,

  examples: [`xkeysib-${body(64, HEX)}-${body(16)}`],
  counterExamples: ["xkeysib-"],
});
