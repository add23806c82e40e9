import { type Rule, spansOf } from "../../rule.ts";

const BOT = `${"xo"}xb-${"123456789012"}-${"1234567890123"}-${"AbCdEfGhIjKlMnOpQrStUvWx"}`;
const APP = `${"xa"}pp-1-${"A0123456789"}-${"1234567890123"}-${"0123456789abcdef0123456789abcdef"}`;
const HOOK = `hooks.${"slack"}.com/services/${"T00000000"}/${"B00000000"}/${"AbCdEfGhIjKlMnOpQrStUvWx"}`;
const EXPRESSION =
  /xox[abceoprs]-[A-Za-z0-9-]{10,}|xoxd-[A-Za-z0-9%+/=-]{20,}|xoxe\.xox[a-z]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{20,}|hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/(?:[A-Za-z0-9]{4,32}\/){1,3}[A-Za-z0-9]{16,64}/g;
const HINT = /xox[abcdeoprs][.-]|xapp-[0-9]|hooks\.slack/;

/** Slack's bot, user, app-level and refresh tokens, and webhooks of messages, workflows and triggers, whose address alone lets anyone post. */
export const slackToken: Rule = {
  kind: "SLACK_TOKEN",
  family: "credential",
  signs: ["xox", "xapp-", "hooks.slack"],
  examples: [
    { text: `token ${BOT}`, secret: BOT },
    { text: APP, secret: APP },
    { text: `post to https://${HOOK}`, secret: HOOK },
    ...["workflows/T00000000/A00000000/123456789012345678", "triggers/T00000000/1234567890123"].map((path) => {
      const address = `${HOOK.split("/", 1)[0]}/${path}/${HOOK.split("/").at(-1)}`;
      return { text: `url: https://${address}`, secret: address };
    }),
  ],
  counterExamples: ["xoxb-", "https://hooks.slack.com/", "foxox-trot", "https://api.slack.com/services/A/B/C"],
  find: (text) => (HINT.test(text) ? spansOf(text, EXPRESSION) : []),
};
