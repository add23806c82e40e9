import { CountersignError } from "../error.ts";
import type { Caller, Principal } from "./principal.ts";

/** The authorizer's context as API Gateway hands it on: every value a text. */
export type AuthorizerContext = Readonly<Record<string, unknown>> | null | undefined;

/** Puts a caller into the authorizer's answer. */
export function callerToContext(caller: Caller): Record<string, string | number> {
  return {
    principal: JSON.stringify(caller.principal),
    exp: caller.expiresAt,
    aud: caller.audience,
    iss: caller.principal.issuer,
  };
}

/**
 * Reads the caller from the authorizer's context and checks again what may have changed since: API Gateway caches the
 * authorizer's answer, so a token can expire, or be used on a path of another audience, after it was verified.
 *
 * @param audiences the audiences of this route
 * @param now seconds since the epoch
 * @throws CountersignError `token_invalid` when there is no caller or the token has expired, `unauthorized_audience` for another audience
 */
export function callerOfContext(context: AuthorizerContext, audiences: readonly string[], now: number): Caller {
  const { principal, exp, aud } = context ?? {};
  if (typeof principal !== "string" || typeof aud !== "string")
    throw new CountersignError("token_invalid", "the request carries no verified caller");
  const expiresAt = Number(exp);
  if (!(expiresAt > now)) throw new CountersignError("token_invalid", "the token has expired");
  if (!audiences.includes(aud))
    throw new CountersignError("unauthorized_audience", "the token is meant for another audience");
  return { principal: JSON.parse(principal) as Principal, expiresAt, audience: aud };
}
