import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Fly.io.
 *
 * @see https://fly.io/docs/security/tokens/
 */
export const flyToken = tokenRule({
  kind: "FLY_TOKEN",
  signs: ["fo1_", "fm1r_", "fm1a_", "fm2_"],
  expression: /(?<![A-Za-z0-9])(?:fo1_[A-Za-z0-9_-]{43}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{80,}={0,3})/g,

  examples: [`fo1_${body(43)}`, `fm2_${body(120)}`],
  counterExamples: ["fm2_"],
});
