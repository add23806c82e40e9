import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Tokens of Discord bots (the first part is the bot's id in base64) and addresses of its webhooks.
 *
 * @see https://discord.com/developers/docs/reference#authentication
 */
export const discordToken = tokenRule({
  kind: "DISCORD_TOKEN",
  // The base64 of a digit and another.
  signs: ["discord", "mfa.", "MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"],
  expression:
    /(?<![A-Za-z0-9_.-])(?:mfa\.[A-Za-z0-9_-]{84}|[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})(?![A-Za-z0-9_.-])|(?:ptb\.|canary\.)?discord(?:app)?\.com\/api\/(?:v[0-9]{1,2}\/)?webhooks\/[0-9]{15,22}\/[A-Za-z0-9_-]{60,90}/g,
  isToken: (value) =>
    value.includes("/") ||
    value.startsWith("mfa.") ||
    /^[0-9]{15,20}$/.test(Buffer.from(value.slice(0, value.indexOf(".")), "base64").toString("latin1")),
  examples: [
    `${Buffer.from("123456789012345678").toString("base64")}.${body(6)}.${body(38)}`,
    {
      text: `https://discord.com/api/webhooks/123456789012345678/${body(68)}`,
      secret: `discord.com/api/webhooks/123456789012345678/${body(68)}`,
    },
  ],
  counterExamples: ["Microsoft.Extensions.DependencyInjection", "https://discord.com/api/webhooks/"],
});
