import { body, HEX, UPPER } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Keys of New Relic: user, insights, browser and licence.
 *
 * @see https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
 */
export const newRelicKey = tokenRule({
  kind: "NEW_RELIC_KEY",
  signs: ["NRAK-", "NRAA-", "NRII-", "NRIQ-", "NRRA-", "NRJS-", "NRSP-", "NRAL"],
  expression:
    /NR(?:AK|AA|II|IQ|RA|JS|SP)-[A-Za-z0-9_-]{19,42}|(?<![0-9A-Za-z])(?:eu01xx|gov01x|)[0-9a-fF]{28,36}(?:FFFF)?NRAL(?![0-9A-Za-z])/g,

  examples: [`NRAK-${body(27, UPPER)}`, `${body(36, HEX)}FFFFNRAL`],
  counterExamples: ["NRAK-", "GENERAL"],
});
