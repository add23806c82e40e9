import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API keys and reference tokens of JFrog Artifactory.
 *
 * @see https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens
 */
export const artifactoryToken = tokenRule({
  kind: "ARTIFACTORY_TOKEN",
  signs: ["AKCp", "cmVmd"],
  expression: /(?<![A-Za-z0-9])(?:AKCp[A-Za-z0-9]{65,73}|cmVmd[A-Za-z0-9]{59})(?![A-Za-z0-9])/g,

  examples: [`AKCp${body(69)}`, `cmVmd${body(59)}`],
  counterExamples: ["AKCp"],
});
