import { body, DIGITS, LOWER } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Cerebras.
 *
 * @see https://inference-docs.cerebras.ai/quickstart
 */
export const cerebrasKey = tokenRule({
  kind: "CEREBRAS_API_KEY",
  signs: ["csk-"],
  expression: /(?<![A-Za-z0-9])csk-[a-z0-9]{40,}/g,

  examples: [`csk-${body(48, `${LOWER}${DIGITS}`)}`],
  counterExamples: ["csk-cli"],
});
