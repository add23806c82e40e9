import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of OpenShift.
 *
 * @see https://docs.openshift.com/container-platform/latest/authentication/configuring-internal-oauth.html
 */
export const openshiftToken = tokenRule({
  kind: "OPENSHIFT_TOKEN",
  signs: ["sha256~"],
  expression: /sha256~[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g,

  examples: [`sha256~${body(43)}`],
  counterExamples: [`sha256:${body(64, HEX)}`],
});
