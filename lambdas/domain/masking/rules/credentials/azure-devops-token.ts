import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Personal access tokens of Azure DevOps, with the mark of the new form.
 *
 * @see https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate
 */
export const azureDevopsToken = tokenRule({
  kind: "AZURE_DEVOPS_TOKEN",
  signs: ["AZDO"],
  expression: /(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g,

  examples: [`${body(76)}AZDO${body(4)}`],
  counterExamples: ["AZDO"],
});
