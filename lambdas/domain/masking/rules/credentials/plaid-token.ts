import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Plaid.
 *
 * @see https://plaid.com/docs/api/tokens/
 */
export const plaidToken = tokenRule({
  kind: "PLAID_TOKEN",
  signs: ["access-sandbox-", "access-development-", "access-production-"],
  expression: /access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,

  examples: [`access-sandbox-${body(8, HEX)}-${body(4, HEX)}-${body(4, HEX)}-${body(4, HEX)}-${body(12, HEX)}`],
  counterExamples: ["access-production-systems"],
});
