import { looksRandom } from "../support/randomness.ts";
import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of HashiCorp Vault: service, batch, recovery, and the older service form.
 *
 * @see https://developer.hashicorp.com/vault/docs/concepts/tokens
 */
export const vaultToken = tokenRule({
  kind: "VAULT_TOKEN",
  signs: ["hvs.", "hvb.", "hvr.", "s."],
  expression: /(?<![A-Za-z0-9])hv[sbr]\.[A-Za-z0-9_-]{24,}|(?<![A-Za-z0-9_.)\]])s\.[A-Za-z0-9]{24}(?![A-Za-z0-9_.(])/g,
  isToken: (value) => value.startsWith("hv") || (/[0-9]/.test(value) && looksRandom(value.slice(2))),
  examples: [`hvs.${body(95)}`, `hvb.${body(140)}`, `s.${body(24)}`],
  counterExamples: ["hvs.short", "s.toLowerCase().replaceAll(x)", "s.contentSecurityPolicyValue"],
});
