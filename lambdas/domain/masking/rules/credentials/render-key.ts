import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Render.
 *
 * @see https://render.com/docs/api
 */
export const renderKey = tokenRule({
  kind: "RENDER_API_KEY",
  signs: ["rnd_"],
  expression: /(?<![A-Za-z0-9])rnd_[A-Za-z0-9]{24,}/g,

  examples: [`rnd_${body(28)}`],
  counterExamples: ["rnd_seed"],
});
