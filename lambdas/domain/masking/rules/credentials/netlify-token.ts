import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Netlify.
 *
 * @see https://docs.netlify.com/api/get-started/
 */
export const netlifyToken = tokenRule({
  kind: "NETLIFY_TOKEN",
  signs: ["nfp_", "nfc_", "nfo_", "nfu_", "nfb_"],
  expression: /(?<![A-Za-z0-9])nf[bcopu]_[A-Za-z0-9_]{36,}/g,

  examples: [`nfp_${body(36)}`],
  counterExamples: ["nfp_"],
});
