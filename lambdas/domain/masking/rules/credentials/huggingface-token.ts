import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Hugging Face, of users and organisations.
 *
 * @see https://huggingface.co/docs/hub/security-tokens
 */
export const huggingfaceToken = tokenRule({
  kind: "HUGGINGFACE_TOKEN",
  signs: ["hf_", "api_org_"],
  expression: /(?<![A-Za-z0-9_])(?:hf_|api_org_)[A-Za-z0-9]{30,}/g,

  examples: [`hf_${body(34)}`, `api_org_${body(34)}`],
  counterExamples: ["hf_hub_download", "from api_org_settings import x"],
});
