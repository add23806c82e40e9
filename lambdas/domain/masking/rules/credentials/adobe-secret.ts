import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Client secrets of Adobe.
 *
 * @see https://developer.adobe.com/developer-console/docs/guides/authentication/
 */
export const adobeSecret = tokenRule({
  kind: "ADOBE_CLIENT_SECRET",
  signs: ["p8e-"],
  expression: /(?<![A-Za-z0-9])p8e-[A-Za-z0-9_-]{32}(?![A-Za-z0-9_-])/g,

  examples: [`p8e-${body(32)}`],
  counterExamples: ["p8e-"],
});
