import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API keys of RubyGems.
 *
 * @see https://guides.rubygems.org/api-key-scopes/
 */
export const rubygemsKey = tokenRule({
  kind: "RUBYGEMS_KEY",
  signs: ["rubygems_"],
  expression: /(?<![A-Za-z0-9])rubygems_[0-9a-f]{48}(?![A-Za-z0-9])/g,

  examples: [`rubygems_${body(48, HEX)}`],
  counterExamples: ["rubygems_version"],
});
