import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Harness, of users and service accounts.
 *
 * @see https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/
 */
export const harnessToken = tokenRule({
  kind: "HARNESS_TOKEN",
  signs: ["pat.", "sat."],
  expression: /(?<![A-Za-z0-9])[ps]at\.[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}(?![A-Za-z0-9])/g,

  examples: [`pat.${body(22)}.${body(24, HEX)}.${body(20)}`],
  counterExamples: ["pat.match.x"],
});
