import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Typeform.
 *
 * @see https://www.typeform.com/developers/get-started/personal-access-token/
 */
export const typeformToken = tokenRule({
  kind: "TYPEFORM_TOKEN",
  signs: ["tfp_"],
  expression: /(?<![A-Za-z0-9])tfp_[A-Za-z0-9_.=-]{40,60}/g,

  examples: [`tfp_${body(44)}_${body(14)}`],
  counterExamples: ["tfp_x"],
});
