import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Vercel in the prefixed form, and of its Blob store.
 *
 * @see https://vercel.com/docs/rest-api/authentication
 */
export const vercelToken = tokenRule({
  kind: "VERCEL_TOKEN",
  signs: ["vcp_", "vci_", "vca_", "vcr_", "vck_", "vercel_blob_rw_"],
  expression: /(?<![A-Za-z0-9])(?:vc[pcairk]_[A-Za-z0-9]{24,}|vercel_blob_rw_[A-Za-z0-9]{16}_[A-Za-z0-9]{24,})/g,

  examples: [`vcp_${body(56)}`, `vercel_blob_rw_${body(16)}_${body(30)}`],
  counterExamples: ["vcp_info"],
});
