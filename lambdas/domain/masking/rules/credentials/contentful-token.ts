import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Management tokens of Contentful.
 *
 * @see https://www.contentful.com/developers/docs/references/authentication/
 */
export const contentfulToken = tokenRule({
  kind: "CONTENTFUL_TOKEN",
  signs: ["CFPAT-"],
  expression: /CFPAT-[A-Za-z0-9_-]{43}/g,

  examples: [`CFPAT-${body(43)}`],
  counterExamples: ["CFPAT-"],
});
