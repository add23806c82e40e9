import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Tavily.
 *
 * @see https://docs.tavily.com/documentation/api-reference/introduction
 */
export const tavilyKey = tokenRule({
  kind: "TAVILY_API_KEY",
  signs: ["tvly-"],
  expression: /(?<![A-Za-z0-9])tvly-(?:dev-|prod-)?[A-Za-z0-9_-]{20,}/g,

  examples: [`tvly-${body(32)}`, `tvly-dev-${body(32)}`],
  counterExamples: ["tvly-YOUR_KEY"],
});
