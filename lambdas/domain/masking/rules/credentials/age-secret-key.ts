import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Secret keys of age.
 *
 * @see https://github.com/FiloSottile/age
 */
export const ageSecretKey = tokenRule({
  kind: "AGE_SECRET_KEY",
  signs: ["AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1"],
  expression: /AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58,}/g,

  examples: [`AGE-SECRET-KEY-1${body(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`],
  counterExamples: ["AGE-SECRET-KEY-1"],
});
