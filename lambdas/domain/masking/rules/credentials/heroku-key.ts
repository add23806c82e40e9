import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of Heroku.
 *
 * @see https://devcenter.heroku.com/articles/authentication
 */
export const herokuKey = tokenRule({
  kind: "HEROKU_API_KEY",
  signs: ["HRKU-"],
  expression: /HRKU-[A-Za-z0-9_-]{36,}/g,

  examples: [`HRKU-AA${body(58)}`],
  counterExamples: ["HRKU-"],
});
