import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Buildkite, of users and agents.
 *
 * @see https://buildkite.com/docs/apis/managing-api-tokens
 */
export const buildkiteToken = tokenRule({
  kind: "BUILDKITE_TOKEN",
  signs: ["bkua_", "bkaj_", "bkct_"],
  expression: /(?<![A-Za-z0-9])bk(?:ua|aj|ct)_[A-Za-z0-9._-]{40,}/g,

  examples: [`bkua_${body(40, HEX)}`],
  counterExamples: ["bkua_"],
});
