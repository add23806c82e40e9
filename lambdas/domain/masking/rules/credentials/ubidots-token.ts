import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Ubidots.
 *
 * @see https://docs.ubidots.com/
 */
export const ubidotsToken = tokenRule({
  kind: "UBIDOTS_TOKEN",
  signs: ["BBFF-"],
  expression: /BBFF-[A-Za-z0-9]{30}(?![A-Za-z0-9])/g,

  examples: [`BBFF-${body(30)}`],
  counterExamples: ["BBFF-"],
});
