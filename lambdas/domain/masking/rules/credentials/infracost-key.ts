import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Infracost.
 *
 * @see https://www.infracost.io/docs/
 */
export const infracostKey = tokenRule({
  kind: "INFRACOST_API_KEY",
  signs: ["ico-"],
  expression: /(?<![A-Za-z0-9])ico-[A-Za-z0-9]{32}(?![A-Za-z0-9])/g,

  examples: [`ico-${body(32)}`],
  counterExamples: ["ico-small"],
});
