import { body, UPPER } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Dynatrace; the second part names it, the third is secret.
 *
 * @see https://docs.dynatrace.com/docs/dynatrace-api/basics/dynatrace-api-authentication
 */
export const dynatraceToken = tokenRule({
  kind: "DYNATRACE_TOKEN",
  signs: ["dt0"],
  expression: /(?<![A-Za-z0-9])dt0[a-z][0-9]{2}\.[A-Z0-9]{8,24}\.[A-Z0-9]{64}/g,

  examples: [`dt0c01.${body(24, UPPER)}.${body(64, UPPER)}`],
  counterExamples: ["dt0c01.x"],
});
