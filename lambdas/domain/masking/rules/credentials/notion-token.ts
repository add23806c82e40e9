import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Notion integrations, old form and new.
 *
 * @see https://developers.notion.com/docs/authorization
 */
export const notionToken = tokenRule({
  kind: "NOTION_TOKEN",
  signs: ["ntn_", "secret_"],
  expression: /(?<![A-Za-z0-9_])(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}(?![A-Za-z0-9]))/g,

  examples: [`ntn_${body(46)}`, `secret_${body(43)}`],
  counterExamples: ["secret_name", "secret_access_key"],
});
