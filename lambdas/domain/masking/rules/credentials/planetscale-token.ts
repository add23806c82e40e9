import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens and passwords of PlanetScale.
 *
 * @see https://planetscale.com/docs/api/reference/service-tokens
 */
export const planetscaleToken = tokenRule({
  kind: "PLANETSCALE_TOKEN",
  signs: ["pscale_"],
  expression: /pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.=-]{32,}/g,

  examples: [`pscale_pw_${body(43)}`, `pscale_tkn_${body(43)}`],
  counterExamples: ["pscale_api"],
});
