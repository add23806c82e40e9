import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Access tokens of Docker Hub, personal and of organisations.
 *
 * @see https://docs.docker.com/security/access-tokens/
 */
export const dockerToken = tokenRule({
  kind: "DOCKER_TOKEN",
  signs: ["dckr_pat_", "dckr_oat_"],
  expression: /dckr_[po]at_[A-Za-z0-9_-]{20,}/g,

  examples: [`dckr_pat_${body(27)}`, `dckr_oat_${body(32)}`],
  counterExamples: ["dckr_pat_"],
});
