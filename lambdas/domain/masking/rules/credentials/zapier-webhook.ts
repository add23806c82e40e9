import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Addresses of Zapier's catch hooks: who has one may trigger it.
 *
 * @see https://help.zapier.com/hc/en-us/articles/8496288690317
 */
export const zapierWebhook = tokenRule({
  kind: "ZAPIER_WEBHOOK",
  signs: ["hooks.zapier.com"],
  expression: /hooks\.zapier\.com\/hooks\/catch\/[0-9]{4,12}\/[A-Za-z0-9]{5,20}/g,

  examples: [
    {
      text: `https://hooks.zapier.com/hooks/catch/123456/${body(8)}/`,
      secret: `hooks.zapier.com/hooks/catch/123456/${body(8)}`,
    },
  ],
  counterExamples: ["https://hooks.zapier.com/hooks/catch/"],
});
