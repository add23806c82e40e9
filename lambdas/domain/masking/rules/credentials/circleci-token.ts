import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of CircleCI, of users and projects.
 *
 * @see https://circleci.com/docs/managing-api-tokens/
 */
export const circleciToken = tokenRule({
  kind: "CIRCLECI_TOKEN",
  signs: ["CCIPAT_", "CCIPRJ_"],
  expression: /CCIP(?:AT|RJ)_[A-Za-z0-9]{10,}_[0-9a-f]{40}/g,

  examples: [`CCIPAT_${body(22)}_${body(40, HEX)}`],
  counterExamples: ["CCIPAT_"],
});
