import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Long- and short-term API keys of Amazon Bedrock.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
 */
export const awsBedrockApiKey = tokenRule({
  kind: "AWS_BEDROCK_API_KEY",
  signs: ["ABSK", "bedrock-api-key-"],
  expression: /(?<![A-Za-z0-9+/])ABSK[A-Za-z0-9+/]{100,270}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{30,}/g,

  examples: [`ABSK${body(128)}=`, `bedrock-api-key-${body(80)}`],
  counterExamples: ["bedrock-api-key-id", "ABSKETCH"],
});
