import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Secret ids of Tencent Cloud.
 *
 * @see https://www.tencentcloud.com/document/product/598/32675
 */
export const tencentSecretId = tokenRule({
  kind: "TENCENT_SECRET_ID",
  signs: ["AKID"],
  expression: /(?<![A-Za-z0-9])AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])/g,

  examples: [`AKID${body(32)}`],
  counterExamples: ["AKID of nothing"],
});
