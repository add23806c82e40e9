import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of npm.
 *
 * @see https://docs.npmjs.com/about-access-tokens
 */
export const npmToken = tokenRule({
  kind: "NPM_TOKEN",
  signs: ["npm_"],
  expression: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36,}/g,

  examples: [`npm_${body(36)}`],
  counterExamples: ["npm_config_registry", "npm_lifecycle_event=test"],
});
