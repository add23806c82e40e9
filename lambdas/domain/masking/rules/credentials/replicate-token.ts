import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API tokens of Replicate.
 *
 * @see https://replicate.com/docs/topics/security/api-tokens
 */
export const replicateToken = tokenRule({
  kind: "REPLICATE_TOKEN",
  signs: ["r8_"],
  expression: /(?<![A-Za-z0-9])r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])/g,

  examples: [`r8_${body(37)}`],
  counterExamples: ["r8_unorm"],
});
