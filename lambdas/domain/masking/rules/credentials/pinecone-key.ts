import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Pinecone.
 *
 * @see https://docs.pinecone.io/guides/projects/manage-api-keys
 */
export const pineconeKey = tokenRule({
  kind: "PINECONE_API_KEY",
  signs: ["pcsk_"],
  expression: /(?<![A-Za-z0-9])pcsk_[A-Za-z0-9_]{40,}/g,

  examples: [`pcsk_${body(6)}_${body(63)}`],
  counterExamples: ["pcsk_key"],
});
