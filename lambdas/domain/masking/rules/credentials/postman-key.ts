import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Postman.
 *
 * @see https://learning.postman.com/docs/developer/postman-api/authentication/
 */
export const postmanKey = tokenRule({
  kind: "POSTMAN_API_KEY",
  signs: ["PMAK-"],
  expression: /PMAK-[0-9a-fA-F]{24}-[0-9a-fA-F]{34}/g,

  examples: [`PMAK-${body(24, HEX)}-${body(34, HEX)}`],
  counterExamples: ["PMAK-"],
});
