import { body, LOWER } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of GitLab: personal, OAuth, deploy, runner, CI job, trigger, feed, mail, agent, SCIM, feature flags.
 *
 * @see https://docs.gitlab.com/security/tokens/#token-prefixes
 */
export const gitlabToken = tokenRule({
  kind: "GITLAB_TOKEN",
  signs: [
    "glpat-",
    "gloas-",
    "gldt-",
    "glrt-",
    "glrtr-",
    "glcbt-",
    "glptt-",
    "glft-",
    "glimt-",
    "glagent-",
    "glsoat-",
    "glffct-",
    "glwt-",
    "GR1348941",
  ],
  expression:
    /gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-(?:t[0-9]_)?[A-Za-z0-9_-]{20,}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7,9})?|GR1348941[A-Za-z0-9_-]{20,}/g,

  examples: [
    `glpat-${body(20)}`,
    `glpat-${body(27)}.01.${body(9, LOWER)}`,
    `glrt-t1_${body(22)}`,
    `glcbt-64_${body(20)}`,
    `gldt-${body(20)}`,
    `GR1348941${body(20)}`,
  ],
  counterExamples: ["glpat-", "glow-in-the-dark-green-stars"],
});
