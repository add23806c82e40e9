import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Duffel.
 *
 * @see https://duffel.com/docs/api/overview/authentication
 */
export const duffelToken = tokenRule({
  kind: "DUFFEL_TOKEN",
  signs: ["duffel_test_", "duffel_live_"],
  expression: /duffel_(?:test|live)_[A-Za-z0-9_=-]{43}/g,

  examples: [`duffel_test_${body(43)}`],
  counterExamples: ["duffel_test_x"],
});
