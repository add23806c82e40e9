import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens and shared secrets of Shopify.
 *
 * @see https://shopify.dev/docs/apps/build/authentication-authorization
 */
export const shopifyToken = tokenRule({
  kind: "SHOPIFY_TOKEN",
  signs: ["shpat_", "shpca_", "shppa_", "shpss_", "shptka_", "shpua_"],
  expression: /shp(?:at|ca|pa|ss|tka|ua)_[0-9A-Fa-f]{32}/g,

  examples: [`shpat_${body(32, HEX)}`, `shpss_${body(32, HEX)}`],
  counterExamples: ["shpat_"],
});
