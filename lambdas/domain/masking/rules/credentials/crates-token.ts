import { looksRandom } from "../support/randomness.ts";
import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API tokens of crates.io.
 *
 * @see https://doc.rust-lang.org/cargo/reference/publishing.html
 */
export const cratesToken = tokenRule({
  kind: "CRATES_TOKEN",
  signs: ["cio"],
  expression: /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/g,
  isToken: looksRandom,
  examples: [`cio${body(32)}`],
  counterExamples: ["cio"],
});
