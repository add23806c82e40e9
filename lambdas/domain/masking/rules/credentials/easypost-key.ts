import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of EasyPost.
 *
 * @see https://docs.easypost.com/docs/authentication
 */
export const easypostKey = tokenRule({
  kind: "EASYPOST_API_KEY",
  signs: ["EZAK", "EZTK"],
  expression: /(?<![A-Za-z0-9])EZ[AT]K[A-Za-z0-9]{54}(?![A-Za-z0-9])/g,

  examples: [`EZAK${body(54)}`],
  counterExamples: ["EZAK"],
});
