import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Secret tokens of Mapbox; its public ones begin with pk.
 *
 * @see https://docs.mapbox.com/help/getting-started/access-tokens/
 */
export const mapboxToken = tokenRule({
  kind: "MAPBOX_TOKEN",
  signs: ["sk.eyJ"],
  expression: /(?<![A-Za-z0-9])sk\.eyJ[A-Za-z0-9_-]{50,}\.[A-Za-z0-9_-]{20,}/g,

  examples: [`sk.eyJ${body(70)}.${body(22)}`],
  counterExamples: [`pk.eyJ${body(70)}.${body(22)}`],
});
