import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Client secrets of Microsoft Entra applications: `Q~` after three characters and a digit.
 *
 * @see https://learn.microsoft.com/en-us/purview/sit-defn-client-secret-api-key
 */
export const azureClientSecret = tokenRule({
  kind: "AZURE_CLIENT_SECRET",
  signs: ["Q~"],
  expression: /(?<![A-Za-z0-9_.~-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-]|\.[A-Za-z0-9])/g,

  examples: [`${body(3)}8Q~${body(34)}`],
  counterExamples: ["8Q~"],
});
