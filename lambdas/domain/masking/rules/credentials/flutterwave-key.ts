import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Secret keys of Flutterwave.
 *
 * @see https://developer.flutterwave.com/docs/authentication
 */
export const flutterwaveKey = tokenRule({
  kind: "FLUTTERWAVE_KEY",
  signs: ["FLWSECK"],
  expression: /FLWSECK(?:_TEST)?-[0-9A-Za-z]{12,42}(?:-X)?/g,

  examples: [`FLWSECK_TEST-${body(32, HEX)}-X`, `FLWSECK-${body(32, HEX)}-X`],
  counterExamples: ["FLWSECK"],
});
