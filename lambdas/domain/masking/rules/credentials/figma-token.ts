import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Figma.
 *
 * @see https://www.figma.com/developers/api#access-tokens
 */
export const figmaToken = tokenRule({
  kind: "FIGMA_TOKEN",
  signs: ["figd_", "figo_", "figoh_", "figor_", "figdr_", "figu_", "figur_"],
  expression: /(?<![A-Za-z0-9])fig(?:dr?|oh?|or|ur?)_[A-Za-z0-9_-]{36,}/g,

  examples: [`figd_${body(40)}`],
  counterExamples: ["figd_"],
});
