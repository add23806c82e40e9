import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of LangSmith.
 *
 * @see https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key
 */
export const langsmithKey = tokenRule({
  kind: "LANGSMITH_API_KEY",
  signs: ["lsv2_"],
  expression: /lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}/g,

  examples: [`lsv2_pt_${body(32, HEX)}_${body(10, HEX)}`],
  counterExamples: ["lsv2_pt_"],
});
