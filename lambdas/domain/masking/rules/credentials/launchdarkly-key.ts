import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API and SDK keys of LaunchDarkly.
 *
 * @see https://launchdarkly.com/docs/home/account/api
 */
export const launchdarklyKey = tokenRule({
  kind: "LAUNCHDARKLY_KEY",
  signs: ["api-", "sdk-"],
  expression:
    /(?<![A-Za-z0-9])(?:api|sdk)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![A-Za-z0-9])/g,

  examples: [`api-${body(8, HEX)}-${body(4, HEX)}-4${body(3, HEX)}-9${body(3, HEX)}-${body(12, HEX)}`],
  counterExamples: ["api-gateway"],
});
