import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Databricks.
 *
 * @see https://docs.databricks.com/en/dev-tools/auth/pat.html
 */
export const databricksToken = tokenRule({
  kind: "DATABRICKS_TOKEN",
  signs: ["dapi", "dose", "dkea"],
  expression: /(?<![A-Za-z0-9])(?:dapi|dkea|dose)[0-9a-f]{32}(?:-[0-9])?(?![A-Za-z0-9])/g,

  examples: [`dapi${body(32, HEX)}`, `dapi${body(32, HEX)}-2`],
  counterExamples: ["dapier"],
});
