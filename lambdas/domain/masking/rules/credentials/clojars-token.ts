import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Deploy tokens of Clojars.
 *
 * @see https://github.com/clojars/clojars-web/wiki/Deploy-Tokens
 */
export const clojarsToken = tokenRule({
  kind: "CLOJARS_TOKEN",
  signs: ["CLOJARS_"],
  expression: /(?<![A-Za-z0-9])CLOJARS_[0-9a-f]{60}/g,

  examples: [`CLOJARS_${body(60, HEX)}`],
  counterExamples: ["CLOJARS_USERNAME"],
});
