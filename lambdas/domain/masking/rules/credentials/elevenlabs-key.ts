import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of ElevenLabs.
 *
 * @see https://elevenlabs.io/docs/api-reference/authentication
 */
export const elevenlabsKey = tokenRule({
  kind: "ELEVENLABS_API_KEY",
  signs: ["sk_"],
  expression: /(?<![A-Za-z0-9])sk_[0-9a-f]{48}(?![A-Za-z0-9])/g,

  examples: [`sk_${body(48, HEX)}`],
  counterExamples: ["sk_buff_head", "task_0123456789abcdef"],
});
