import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of DigitalOcean: personal, OAuth, refresh.
 *
 * @see https://docs.digitalocean.com/reference/api/create-personal-access-token/
 */
export const digitaloceanToken = tokenRule({
  kind: "DIGITALOCEAN_TOKEN",
  signs: ["dop_v1_", "doo_v1_", "dor_v1_"],
  expression: /do[opr]_v1_[0-9a-f]{64}/g,

  examples: [`dop_v1_${body(64, HEX)}`],
  counterExamples: ["dop_v1_"],
});
