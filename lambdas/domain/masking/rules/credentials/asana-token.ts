import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Personal access tokens of Asana.
 *
 * @see https://developers.asana.com/docs/personal-access-token
 */
export const asanaToken = tokenRule({
  kind: "ASANA_TOKEN",
  signs: [":"],
  expression: /(?<![0-9A-Za-z/])[12]\/[0-9]{12,20}(?:\/[0-9]{12,20})?:[0-9a-f]{32}(?![A-Za-z0-9])/g,

  examples: [`2/1201234567890123/1209876543210987:${body(32, HEX)}`, `1/1201234567890123:${body(32, HEX)}`],
  counterExamples: ["1/2:3"],
});
