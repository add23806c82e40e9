import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of ReadMe.
 *
 * @see https://docs.readme.com/main/reference/intro/authentication
 */
export const readmeKey = tokenRule({
  kind: "README_API_KEY",
  signs: ["rdme_"],
  expression: /(?<![A-Za-z0-9])rdme_[a-z0-9]{70}/g,

  examples: [`rdme_${body(70, HEX)}`],
  counterExamples: ["rdme_x"],
});
