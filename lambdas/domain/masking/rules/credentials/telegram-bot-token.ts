import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Telegram bots: the bot's id and 35 characters that begin with AA.
 *
 * @see https://core.telegram.org/bots/api#authorizing-your-bot
 */
export const telegramBotToken = tokenRule({
  kind: "TELEGRAM_BOT_TOKEN",
  signs: [":AA"],
  expression: /(?<![0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{32,33}(?![A-Za-z0-9_-])/g,

  examples: [
    `123456789:AA${body(33)}`,
    { text: `https://api.telegram.org/bot123456789:AA${body(33)}/getMe`, secret: `123456789:AA${body(33)}` },
  ],
  counterExamples: ["12345:AA"],
});
