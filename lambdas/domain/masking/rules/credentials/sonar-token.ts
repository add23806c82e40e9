import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of SonarQube: user, project, global.
 *
 * @see https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/
 */
export const sonarToken = tokenRule({
  kind: "SONAR_TOKEN",
  signs: ["squ_", "sqp_", "sqa_", "sqb_"],
  expression: /(?<![A-Za-z0-9])sq[uapb]_[0-9a-f]{40}(?![A-Za-z0-9])/g,

  examples: [`squ_${body(40, HEX)}`],
  counterExamples: ["squ_"],
});
