import { createHash } from "node:crypto";
import type { TokenCredential } from "../../../lib/config/credential.ts";
import type { IssuerConfig } from "../../../lib/config/schema.ts";
import type { OnBehalfOf } from "../../domain/upstream/answer.ts";
import type { Credential, Presented } from "./credential.ts";
import { kept } from "./kept.ts";
import { noCredential, step } from "./no-credential.ts";
import type { Mint, Token, TokenRequest } from "./token-mint.ts";

/** RFC 6750 section 2.1. */
const BEARER = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * A token of an authorization server: the gateway's own (client credentials), or the caller's exchanged for one
 * (RFC 8693). What a caller's token was exchanged for is used for that very token and ends with it.
 */
export function bearerCredential(
  server: string,
  config: TokenCredential,
  issuers: readonly IssuerConfig[],
  mint: Mint,
): Credential {
  const tokens = kept<Token>();
  const served = new Set(
    config.kind === "token-exchange"
      ? issuers.filter(({ name }) => config.callersOf.includes(name)).map(({ issuer }) => issuer)
      : [],
  );

  const minted = async (request: TokenRequest, latest: number): Promise<Token> => {
    const { text, expiresAt } = await step("its authorization server gave no token", () => mint(request));
    if (!BEARER.test(text)) throw noCredential("its authorization server gave a token that a header cannot hold");
    return { text, expiresAt: Math.min(expiresAt, latest) };
  };
  const sourceOf = (onBehalfOf: OnBehalfOf | undefined): { key: string; make: () => Promise<Token> } => {
    if (config.kind === "client-credentials")
      return { key: "", make: () => minted({ server }, Number.POSITIVE_INFINITY) };
    if (onBehalfOf === undefined) throw noCredential("it is exchanged for a caller's token, and there is no caller");
    const { caller, token: subjectToken } = onBehalfOf;
    if (!served.has(caller.principal.issuer))
      throw noCredential("tokens of the caller's issuer are not exchanged for this server");
    const own = createHash("sha256").update(subjectToken).digest("base64url");
    return {
      key: JSON.stringify([caller.principal.id, own]),
      make: () => minted({ server, subjectToken }, caller.expiresAt * 1000),
    };
  };
  return {
    async present({ onBehalfOf }) {
      const { key, make } = sourceOf(onBehalfOf);
      const presented = (token: Token): Presented => ({
        headers: { authorization: `Bearer ${token.text}` },
        another: async () => {
          const other = await tokens.insteadOf(token, key, make);
          return other === undefined ? undefined : presented(other);
        },
      });
      return presented(await tokens.get(key, make));
    },
  };
}
