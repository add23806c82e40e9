import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Origin CA keys of Cloudflare, and its tokens in the prefixed form.
 *
 * @see https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/
 */
export const cloudflareToken = tokenRule({
  kind: "CLOUDFLARE_TOKEN",
  signs: ["v1.0-", "cfut_", "cfat_", "cfk_"],
  expression: /v1\.0-[0-9a-f]{24}-[0-9a-f]{146}|(?<![A-Za-z0-9])cf(?:ut|at|k)_[A-Za-z0-9]{40,}/g,

  examples: [`v1.0-${body(24, HEX)}-${body(146, HEX)}`, `cfut_${body(48)}`],
  counterExamples: ["v1.0-rc1"],
});
