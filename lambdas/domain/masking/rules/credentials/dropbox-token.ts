import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Short-lived access tokens of Dropbox.
 *
 * @see https://developers.dropbox.com/oauth-guide
 */
export const dropboxToken = tokenRule({
  kind: "DROPBOX_TOKEN",
  signs: ["sl."],
  expression: /(?<![A-Za-z0-9])sl\.(?:u\.)?[A-Za-z0-9_-]{100,}/g,

  examples: [`sl.${body(136)}`],
  counterExamples: ["nsl.example.com"],
});
