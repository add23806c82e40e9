import { decodeJwt } from "jose";
import type { Oidc } from "./server.ts";

/**
 * Tokens that must be refused, each wrong in one way, made from the claims of a good one.
 *
 * @param good an access token that is accepted
 */
export async function oddTokens(oidc: Oidc, good: string): Promise<Record<string, string>> {
  const claims = decodeJwt(good);
  const now = Math.floor(Date.now() / 1000);
  return {
    "an expired token": await oidc.forge({ ...claims, iat: now - 7200, exp: now - 3600 }),
    "a token for another audience": await oidc.forge({ ...claims, aud: "https://elsewhere.example.com" }),
    "a token of another issuer": await oidc.forge({ ...claims, iss: "https://issuer.example.com" }),
    "a token with alg none": await oidc.forge(claims, { key: "none" }),
    "a token signed by another key": await oidc.forge(claims, { key: "other" }),
  };
}
