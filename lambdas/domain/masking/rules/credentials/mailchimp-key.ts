import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Mailchimp, which end in the data centre.
 *
 * @see https://mailchimp.com/developer/marketing/guides/quick-start/
 */
export const mailchimpKey = tokenRule({
  kind: "MAILCHIMP_API_KEY",
  signs: ["-us"],
  expression: /(?<![A-Za-z0-9])[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])/g,

  examples: [`${body(32, HEX)}-us12`],
  counterExamples: ["eu-west-1-us10"],
});
