import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API keys of Google Cloud, Maps, Firebase and Gemini.
 *
 * @see https://cloud.google.com/docs/authentication/api-keys
 */
export const googleApiKey = tokenRule({
  kind: "GOOGLE_API_KEY",
  signs: ["AIza"],
  expression: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g,

  examples: [`AIza${body(35)}`],
  counterExamples: ["AIzaShort", `AIza${body(60)}`],
});
