import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Resend.
 *
 * @see https://resend.com/docs/dashboard/api-keys/introduction
 */
export const resendKey = tokenRule({
  kind: "RESEND_API_KEY",
  signs: ["re_"],
  expression: /(?<![A-Za-z0-9_])re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,28}(?![A-Za-z0-9_])/g,

  examples: [`re_${body(8)}_${body(24)}`],
  counterExamples: ["re_123", "re_compile_pattern_internalisation"],
});
