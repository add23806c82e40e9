import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Firecrawl.
 *
 * @see https://docs.firecrawl.dev/api-reference/introduction
 */
export const firecrawlKey = tokenRule({
  kind: "FIRECRAWL_API_KEY",
  signs: ["fc-"],
  expression: /(?<![A-Za-z0-9-])fc-[0-9a-f]{32}(?![A-Za-z0-9-])/g,

  examples: [`fc-${body(32, HEX)}`],
  counterExamples: ["fc-list", `arm-fc-${body(32, HEX)}-x`],
});
