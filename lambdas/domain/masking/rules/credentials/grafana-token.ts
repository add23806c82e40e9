import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Grafana: service accounts, Cloud, and the older keys.
 *
 * @see https://grafana.com/docs/grafana/latest/administration/service-accounts/
 */
export const grafanaToken = tokenRule({
  kind: "GRAFANA_TOKEN",
  signs: ["glsa_", "glc_", "eyJrIjoi"],
  expression:
    /glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}|glc_[A-Za-z0-9+/]{32,}={0,2}|(?<![A-Za-z0-9+/])eyJrIjoi[A-Za-z0-9+/]{60,}={0,2}/g,

  examples: [`glsa_${body(32)}_${body(8, HEX)}`, `glc_${body(80)}=`, `eyJrIjoi${body(80)}`],
  counterExamples: ["glsa_", "glc_"],
});
