import type { APIGatewayProxyEvent } from "aws-lambda";
import type { Config } from "../../lib/config/schema.ts";
import { CountersignError } from "../domain/error.ts";
import { callerOfContext } from "../domain/identity/caller.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { consoleIssuer } from "../domain/site/console-settings.ts";

/**
 * The person behind a request of the console: a token of the console's own issuer, client and audience, so that an agent's MCP
 * token can do nothing here, nor one of another issuer that calls a client the same.
 *
 * @param now milliseconds since the epoch
 * @throws CountersignError `token_invalid` or `unauthorized_audience`
 */
export function personOf(event: APIGatewayProxyEvent, config: Config, now: number): Principal {
  const { console: client } = config;
  const { principal } = callerOfContext(event.requestContext.authorizer, [client.audience], now / 1000);
  if (principal.kind !== "user")
    throw new CountersignError("unauthorized_audience", "this is for people, not for workloads");
  if (principal.issuer !== consoleIssuer(config).issuer)
    throw new CountersignError("unauthorized_audience", "the token is not of the issuer where the console signs in");
  if (client.clientId !== principal.client)
    throw new CountersignError("unauthorized_audience", "the token was not issued to the console");
  return principal;
}

/** The verified caller of a request, whoever it is; undefined when the authorizer named none. */
export function callerOf({ requestContext }: APIGatewayProxyEvent): Principal | undefined {
  const principal: unknown = requestContext.authorizer?.principal;
  return typeof principal === "string" ? (JSON.parse(principal) as Principal) : undefined;
}

/**
 * Asks that the person signed in lately: a session left open on a desk must not decide.
 * @throws CountersignError `stale_sign_in` when the sign-in is too old, or the token does not say when it was
 */
export function requireFresh({ authTime }: Principal, { console: client }: Config, now: number): void {
  if (authTime === null || now / 1000 - authTime > client.freshFor)
    throw new CountersignError(
      "stale_sign_in",
      `sign in again: this needs a sign-in of the last ${Math.ceil(client.freshFor / 60)} minutes`,
    );
}
