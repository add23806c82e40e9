import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Pulumi.
 *
 * @see https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/
 */
export const pulumiToken = tokenRule({
  kind: "PULUMI_TOKEN",
  signs: ["pul-"],
  expression: /(?<![A-Za-z0-9])pul-[0-9a-f]{40}(?![A-Za-z0-9])/g,

  examples: [`pul-${body(40, HEX)}`],
  counterExamples: ["pul-request"],
});
