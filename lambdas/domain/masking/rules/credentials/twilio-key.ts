import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Account ids and API keys of Twilio. Its auth tokens have no form: `SECRET` and `PROVIDER_KEY` find them by name.
 *
 * @see https://www.twilio.com/docs/glossary/what-is-a-sid
 */
export const twilioKey = tokenRule({
  kind: "TWILIO_KEY",
  signs: ["AC", "SK"],
  expression: /(?<![A-Za-z0-9])(?:AC|SK)[0-9a-f]{32}(?![A-Za-z0-9])/g,
  examples: [`SK${body(32, HEX)}`, `AC${body(32, HEX)}`],
  counterExamples: ["SKU", `AC${body(32, HEX).toUpperCase()}`, `AC${body(20, HEX)}`],
});
