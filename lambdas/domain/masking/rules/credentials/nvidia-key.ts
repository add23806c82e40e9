import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of NVIDIA's API catalogue and NGC.
 *
 * @see https://docs.nvidia.com/ngc/gpu-cloud/ngc-user-guide/index.html
 */
export const nvidiaKey = tokenRule({
  kind: "NVIDIA_API_KEY",
  signs: ["nvapi-"],
  expression: /(?<![A-Za-z0-9])nvapi-[A-Za-z0-9_-]{40,}/g,

  examples: [`nvapi-${body(64)}`, `nvapi-stg-${body(64)}`],
  counterExamples: ["nvapi-key"],
});
