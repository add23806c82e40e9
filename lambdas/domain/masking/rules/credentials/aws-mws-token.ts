import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Amazon Marketplace Web Service.
 *
 * @see https://docs.developer.amazonservices.com/en_US/dev_guide/DG_Registering.html
 */
export const awsMwsToken = tokenRule({
  kind: "AWS_MWS_TOKEN",
  signs: ["amzn.mws."],
  expression: /amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,

  examples: [`amzn.mws.${body(8, HEX)}-${body(4, HEX)}-${body(4, HEX)}-${body(4, HEX)}-${body(12, HEX)}`],
  counterExamples: ["amzn.mws.token"],
});
