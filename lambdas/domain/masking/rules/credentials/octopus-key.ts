import { body, DIGITS, UPPER } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API keys of Octopus Deploy.
 *
 * @see https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key
 */
export const octopusKey = tokenRule({
  kind: "OCTOPUS_API_KEY",
  signs: ["API-"],
  expression: /(?<![A-Za-z0-9])API-[A-Z0-9]{25,36}(?![A-Za-z0-9])/g,
  isToken: (value) => /[0-9]/.test(value),
  examples: [`API-${body(26, `${UPPER}${DIGITS}`)}`],
  counterExamples: ["API-SPECIFICATIONOFTHESERVICEONE"],
});
