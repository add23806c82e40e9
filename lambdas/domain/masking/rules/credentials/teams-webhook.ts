import { body, HEX } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

const UUID = `${body(8, HEX)}-${body(4, HEX)}-${body(4, HEX)}-${body(4, HEX)}-${body(12, HEX)}`;

/**
 * Addresses of incoming webhooks of Microsoft Teams: who has one may post.
 *
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 */
export const teamsWebhook = tokenRule({
  kind: "TEAMS_WEBHOOK",
  signs: ["webhook.office.com", "outlook.office.com"],
  expression:
    /[a-z0-9.-]{0,60}(?:webhook|outlook)\.office\.com\/webhook(?:b2)?\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/[0-9a-f]{32}\/[0-9a-f-]{36}(?:\/[A-Za-z0-9_-]{1,64})?/g,

  examples: [
    {
      text: `https://acme.webhook.office.com/webhookb2/${UUID}@${UUID}/IncomingWebhook/${body(32, HEX)}/${UUID}`,
      secret: `acme.webhook.office.com/webhookb2/${UUID}@${UUID}/IncomingWebhook/${body(32, HEX)}/${UUID}`,
    },
  ],
  counterExamples: ["https://outlook.office.com/mail/"],
});
