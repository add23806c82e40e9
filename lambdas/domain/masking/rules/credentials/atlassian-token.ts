import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Atlassian: of accounts, organisations, and app passwords of Bitbucket.
 *
 * @see https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
 */
export const atlassianToken = tokenRule({
  kind: "ATLASSIAN_TOKEN",
  signs: ["ATATT3", "ATCTT3", "ATSTT3", "ATBB"],
  expression: /AT(?:AT|CT|ST)T3[A-Za-z0-9_=-]{60,}|(?<![A-Za-z0-9])ATBB[A-Za-z0-9]{24,36}(?![A-Za-z0-9])/g,

  examples: [`ATATT3${body(186)}`, `ATBB${body(32)}`],
  counterExamples: ["ATATT3", "ATBB"],
});
