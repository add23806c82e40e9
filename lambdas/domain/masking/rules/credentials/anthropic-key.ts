import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Anthropic: API, administration, OAuth and sessions.
 *
 * @see https://docs.anthropic.com/en/api/getting-started
 */
export const anthropicKey = tokenRule({
  kind: "ANTHROPIC_API_KEY",
  signs: ["sk-ant-"],
  expression: /sk-ant-[a-z]{2,8}[0-9]{2}-[A-Za-z0-9_-]{20,}/g,

  examples: [`sk-ant-api03-${body(93)}AA`, `sk-ant-admin01-${body(93)}AA`, `sk-ant-oat01-${body(90)}`],
  counterExamples: ["sk-ant-api03-"],
});
