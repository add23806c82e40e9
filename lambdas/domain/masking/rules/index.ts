import type { Rule } from "../rule.ts";
import { awsAccessKeyId } from "./aws-access-key-id.ts";
import { awsSecretAccessKey } from "./aws-secret-access-key.ts";
import { cardNumber } from "./card-number.ts";
import { emailAddress } from "./email-address.ts";
import { githubToken } from "./github-token.ts";
import { jwt } from "./jwt.ts";
import { password } from "./password.ts";
import { privateKey } from "./private-key.ts";
import { secret } from "./secret.ts";
import { slackToken } from "./slack-token.ts";

/** Every rule that ships. Where two find the same span the earlier names it, so the more telling kind comes first. */
export const RULES: readonly Rule[] = [
  awsAccessKeyId,
  awsSecretAccessKey,
  githubToken,
  slackToken,
  privateKey,
  jwt,
  cardNumber,
  emailAddress,
  password,
  secret,
];

/** The kinds that `config/masking.yaml` may choose from. */
export const KINDS: readonly string[] = RULES.map((rule) => rule.kind);
