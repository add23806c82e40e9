import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of private apps of HubSpot.
 *
 * @see https://developers.hubspot.com/docs/guides/apps/private-apps/overview
 */
export const hubspotToken = tokenRule({
  kind: "HUBSPOT_TOKEN",
  signs: ["pat-na", "pat-eu", "pat-ap"],
  expression:
    /(?<![A-Za-z0-9])pat-(?:na|eu|ap)[0-9]-[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/g,

  examples: [`pat-na1-${body(8, HEX)}-${body(4, HEX)}-${body(4, HEX)}-${body(4, HEX)}-${body(12, HEX)}`],
  counterExamples: ["pat-na1-x"],
});
