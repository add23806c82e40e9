import { type Rule, spansOf } from "../../rule.ts";

const BOT = `${"xo"}xb-${"123456789012"}-${"1234567890123"}-${"AbCdEfGhIjKlMnOpQrStUvWx"}`;
const APP = `${"xa"}pp-1-${"A0123456789"}-${"1234567890123"}-${"0123456789abcdef0123456789abcdef"}`;
const HOOK = `hooks.${"slack"}.com/services/${"T00000000"}/${"B00000000"}/${"AbCdEfGhIjKlMnOpQrStUvWx"}`;
const EXPRESSION =
  /xox[abceoprs]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{20,}|hooks\.slack\.com\/services\/[A-Za-z0-9]{4,32}\/[A-Za-z0-9]{4,32}\/[A-Za-z0-9]{16,64}/g;
const HINT = /xox[abceoprs]-|xapp-[0-9]|hooks\.slack\.com/;

/** Slack's bot, user, app-level and refresh tokens, and incoming webhooks, whose address alone lets anyone post. */
export const slackToken: Rule = {
  kind: "SLACK_TOKEN",
  family: "credential",
  signs: ["xox", "xapp-", "hooks.slack.com"],
  examples: [
    { text: `token ${BOT}`, secret: BOT },
    { text: APP, secret: APP },
    { text: `post to https://${HOOK}`, secret: HOOK },
  ],
  counterExamples: ["xoxb-", "https://hooks.slack.com/", "foxox-trot", "https://api.slack.com/services/A/B/C"],
  mayOccurIn: (source) => HINT.test(source),
  find: (text) => (HINT.test(text) ? spansOf(text, EXPRESSION) : []),
};
