import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens and OAuth secrets of Square.
 *
 * @see https://developer.squareup.com/docs/build-basics/access-tokens
 */
export const squareToken = tokenRule({
  kind: "SQUARE_TOKEN",
  signs: ["sq0atp-", "sq0csp-", "EAAAE", "EAAAl", "EAAAF"],
  expression: /(?<![A-Za-z0-9])(?:sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}|EAAA[EFl][A-Za-z0-9_-]{58,60}(?![A-Za-z0-9_-]))/g,

  examples: [`sq0atp-${body(22)}`, `sq0csp-${body(43)}`, `EAAAE${body(59)}`],
  counterExamples: [`sq0idp-${body(22)}`, "EAAAExample"],
});
