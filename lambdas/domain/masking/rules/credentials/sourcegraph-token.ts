import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Sourcegraph.
 *
 * @see https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token
 */
export const sourcegraphToken = tokenRule({
  kind: "SOURCEGRAPH_TOKEN",
  signs: ["sgp_", "slk_"],
  expression: /(?<![A-Za-z0-9])(?:sgp_(?:[0-9a-f]{16}_|local_)?|slk_)[0-9a-f]{40,64}(?![A-Za-z0-9])/g,

  examples: [`sgp_${body(40, HEX)}`, `sgp_${body(16, HEX)}_${body(40, HEX)}`],
  counterExamples: ["sgp_x"],
});
