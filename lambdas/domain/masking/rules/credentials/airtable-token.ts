import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Personal access tokens of Airtable.
 *
 * @see https://airtable.com/developers/web/api/authentication
 */
export const airtableToken = tokenRule({
  kind: "AIRTABLE_TOKEN",
  signs: ["pat"],
  expression: /(?<![A-Za-z0-9])pat[A-Za-z0-9]{14}\.[0-9a-f]{64}(?![A-Za-z0-9])/g,

  examples: [`pat${body(14)}.${body(64, HEX)}`],
  counterExamples: ["path.resolve"],
});
