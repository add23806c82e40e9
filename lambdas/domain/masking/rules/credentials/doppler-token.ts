import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Doppler: personal, service, command line, service account, SCIM, audit.
 *
 * @see https://docs.doppler.com/reference/auth-token-formats
 */
export const dopplerToken = tokenRule({
  kind: "DOPPLER_TOKEN",
  signs: ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.said.", "dp.scim.", "dp.audit."],
  expression:
    /(?<![A-Za-z0-9])dp\.(?:pt|st|ct|sa|said|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}(?![A-Za-z0-9])/g,

  examples: [`dp.pt.${body(43)}`, `dp.st.dev.${body(43)}`],
  counterExamples: ["dp.pt.x"],
});
