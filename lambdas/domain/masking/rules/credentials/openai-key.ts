import { looksRandom } from "../support/randomness.ts";
import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of OpenAI: of users, projects, service accounts and administrators; those of others in the same form too.
 *
 * @see https://platform.openai.com/docs/api-reference/authentication
 */
export const openaiKey = tokenRule({
  kind: "OPENAI_API_KEY",
  signs: ["sk-"],
  expression: /(?<![A-Za-z0-9_-])sk-(?:proj-|svcacct-|admin-|None-)?[A-Za-z0-9_-]{20,}/g,
  isToken: (value) => looksRandom(value.slice(3)) && /[A-Za-z0-9]{16}/.test(value),
  examples: [
    `sk-${body(20)}T3BlbkFJ${body(20)}`,
    `sk-proj-${body(74)}T3BlbkFJ${body(74)}`,
    `sk-${body(48)}`,
    `sk-${body(32, HEX)}`,
  ],
  counterExamples: [
    "sk-fading-circle-animation-delay",
    "sk-learn-0.24.2-linux-x86-64-cp39",
    "task-0123456789abcdef0123456789abcdef",
  ],
});
