import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Secret keys of Langfuse; public ones begin with `pk-lf-`.
 *
 * @see https://langfuse.com/docs/api
 */
export const langfuseKey = tokenRule({
  kind: "LANGFUSE_KEY",
  signs: ["sk-lf-"],
  expression: /sk-lf-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,

  examples: [`sk-lf-${body(8, HEX)}-${body(4, HEX)}-4${body(3, HEX)}-8${body(3, HEX)}-${body(12, HEX)}`],
  counterExamples: ["sk-lf-..."],
});
