import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Personal and feature flag keys of PostHog. A project's key, `phc_…`, is in every page that it counts.
 *
 * @see https://posthog.com/docs/api
 */
export const posthogKey = tokenRule({
  kind: "POSTHOG_KEY",
  signs: ["phx_", "phs_"],
  expression: /(?<![A-Za-z0-9])ph[xs]_[A-Za-z0-9]{32,}/g,

  examples: [`phx_${body(43)}`, `phs_${body(43)}`],
  counterExamples: [`phc_${body(43)}`, "phx_key"],
});
