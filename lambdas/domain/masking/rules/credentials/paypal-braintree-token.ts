import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Braintree (PayPal).
 *
 * @see https://developer.paypal.com/braintree/docs
 */
export const paypalBraintreeToken = tokenRule({
  kind: "BRAINTREE_TOKEN",
  signs: ["access_token$"],
  expression: /access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}/g,

  examples: [`access_token$production$${body(16, HEX)}$${body(32, HEX)}`],
  counterExamples: ["access_token$x"],
});
