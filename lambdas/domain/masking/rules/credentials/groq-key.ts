import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Groq.
 *
 * @see https://console.groq.com/docs/quickstart
 */
export const groqKey = tokenRule({
  kind: "GROQ_API_KEY",
  signs: ["gsk_"],
  expression: /(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{40,}/g,

  examples: [`gsk_${body(52)}`],
  counterExamples: ["gsk_"],
});
