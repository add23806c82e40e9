import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Secret and restricted keys of Stripe, of test mode too, and signing secrets of its webhooks. Publishable keys are public.
 *
 * @see https://docs.stripe.com/keys
 */
export const stripeKey = tokenRule({
  kind: "STRIPE_KEY",
  signs: ["sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_", "whsec_"],
  expression: /(?<![A-Za-z0-9])(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/]{24,}={0,2})/g,

  examples: [`sk_live_${body(24)}`, `sk_test_${body(99)}`, `rk_live_${body(24)}`, `whsec_${body(32)}`],
  counterExamples: [`pk_live_${body(24)}`, "sk_test_key", "whsec_..."],
});
