import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Tailscale: for devices, API, OAuth clients, SCIM and webhooks.
 *
 * @see https://tailscale.com/kb/1277/key-prefixes
 */
export const tailscaleKey = tokenRule({
  kind: "TAILSCALE_KEY",
  signs: ["tskey-"],
  expression: /tskey-[a-z]{3,10}-[A-Za-z0-9]{6,20}-[A-Za-z0-9]{16,48}/g,

  examples: [`tskey-auth-${body(12)}CNTRL-${body(32)}`],
  counterExamples: ["tskey-auth-"],
});
