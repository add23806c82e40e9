import type { Config, IssuerConfig } from "../../../lib/config/schema.ts";

/** What the console must know to sign people in. All of it is public; the console is a client without a secret. */
export interface ConsoleSettings {
  /** The issuer's URL, where the console discovers the sign-in endpoints. */
  readonly authority: string;
  readonly clientId: string;
  /** Asked for as `resource` (RFC 8707), so that the token's `aud` is the console's own; null where tokens name their client instead. */
  readonly audience: string | null;
  readonly scope: string;
  readonly publicUrl: string;
  /** Seconds after a sign-in in which a person may decide; asked for as `max_age`. */
  readonly freshForSeconds: number;
}

/** @param base URL of this gateway, without a slash at the end */
export function consoleSettings(config: Config, base: string): ConsoleSettings {
  const { issuer, audienceClaim } = consoleIssuer(config);
  return {
    authority: issuer,
    clientId: config.console.clientId,
    // A client's id is no resource: Cognito refuses what is no URL.
    audience: audienceClaim === "client_id" ? null : config.console.audience,
    scope: config.console.scope,
    publicUrl: base,
    freshForSeconds: config.console.freshFor,
  };
}

/** The issuer where approvers and auditors sign in. The configuration's schema has made sure that it is there. */
export function consoleIssuer(config: Config): IssuerConfig {
  const issuer = config.identity.issuers.find((entry) => entry.name === config.console.issuer);
  if (issuer === undefined) throw new Error(`No issuer is named ${config.console.issuer}`);
  return issuer;
}
