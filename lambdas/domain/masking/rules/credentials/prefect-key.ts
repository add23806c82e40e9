import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Prefect.
 *
 * @see https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys
 */
export const prefectKey = tokenRule({
  kind: "PREFECT_API_KEY",
  signs: ["pnu_", "pnb_"],
  expression: /(?<![A-Za-z0-9])pn[ub]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g,

  examples: [`pnu_${body(36)}`],
  counterExamples: ["pnu_"],
});
