import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access key ids of Alibaba Cloud.
 *
 * @see https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair
 */
export const alibabaAccessKeyId = tokenRule({
  kind: "ALIBABA_ACCESS_KEY_ID",
  signs: ["LTAI"],
  expression: /(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])/g,

  examples: [`LTAI${body(20)}`],
  counterExamples: ["LTAI5"],
});
