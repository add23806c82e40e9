import { body, LOWER } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API keys of NuGet.
 *
 * @see https://learn.microsoft.com/en-us/nuget/nuget-org/scoped-api-keys
 */
export const nugetKey = tokenRule({
  kind: "NUGET_KEY",
  signs: ["oy2"],
  expression: /(?<![A-Za-z0-9])oy2[a-z0-9]{43}(?![A-Za-z0-9])/g,

  examples: [`oy2${body(43, `${LOWER}234567`)}`],
  counterExamples: ["oy2"],
});
