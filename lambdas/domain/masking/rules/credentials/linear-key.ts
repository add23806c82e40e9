import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys and OAuth tokens of Linear.
 *
 * @see https://linear.app/developers/graphql#personal-api-keys
 */
export const linearKey = tokenRule({
  kind: "LINEAR_API_KEY",
  signs: ["lin_api_", "lin_oauth_"],
  expression: /lin_(?:api|oauth)_[A-Za-z0-9]{32,}/g,

  examples: [`lin_api_${body(40)}`],
  counterExamples: ["lin_api_"],
});
