import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens and secret keys of Supabase.
 *
 * @see https://supabase.com/docs/guides/api/api-keys
 */
export const supabaseKey = tokenRule({
  kind: "SUPABASE_KEY",
  signs: ["sbp_", "sb_secret_"],
  expression: /(?<![A-Za-z0-9])(?:sbp_(?:v0_)?[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{28,})/g,

  examples: [`sbp_${body(40, HEX)}`, `sb_secret_${body(31)}`],
  counterExamples: [`sb_publishable_${body(31)}`],
});
