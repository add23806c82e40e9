import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API tokens of HCP Terraform.
 *
 * @see https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
 */
export const terraformToken = tokenRule({
  kind: "TERRAFORM_TOKEN",
  signs: [".atlasv1."],
  expression: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}/g,

  examples: [`${body(14)}.atlasv1.${body(67)}`],
  counterExamples: ["x.atlasv1.y"],
});
