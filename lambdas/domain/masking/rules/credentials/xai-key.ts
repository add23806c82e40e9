import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of xAI.
 *
 * @see https://docs.x.ai/docs/tutorial
 */
export const xaiKey = tokenRule({
  kind: "XAI_API_KEY",
  signs: ["xai-"],
  expression: /(?<![A-Za-z0-9])xai-[A-Za-z0-9]{60,}/g,

  examples: [`xai-${body(80)}`],
  counterExamples: ["xai-grok"],
});
