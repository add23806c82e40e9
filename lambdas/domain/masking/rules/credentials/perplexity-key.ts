import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Perplexity.
 *
 * @see https://docs.perplexity.ai/guides/getting-started
 */
export const perplexityKey = tokenRule({
  kind: "PERPLEXITY_API_KEY",
  signs: ["pplx-"],
  expression: /(?<![A-Za-z0-9])pplx-[A-Za-z0-9]{40,}/g,

  examples: [`pplx-${body(48)}`],
  counterExamples: ["pplx-70b-online"],
});
