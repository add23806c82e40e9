import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of OpenRouter.
 *
 * @see https://openrouter.ai/docs/api-reference/authentication
 */
export const openrouterKey = tokenRule({
  kind: "OPENROUTER_API_KEY",
  signs: ["sk-or-v1-"],
  expression: /sk-or-v1-[0-9a-f]{40,}/g,

  examples: [`sk-or-v1-${body(64, HEX)}`],
  counterExamples: ["sk-or-v1-"],
});
