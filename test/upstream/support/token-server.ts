import { createServer } from "node:http";
import { decodeJwt } from "jose";
import Provider, { errors } from "oidc-provider";
import { memoryAdapter } from "../../../local/oidc/adapter.ts";
import { signingKey } from "../../../local/oidc/provider.ts";
import { closeServer, listen } from "../../../local/port.ts";

/** One request to a token endpoint. */
export interface Asked {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
/** What tokens of it are for. */
export const RESOURCE = "https://mcp.example.com/";

/**
 * A real authorization server (oidc-provider) with one client that may use client credentials and token exchange.
 *
 * @param lifetime seconds of its tokens
 */
export async function startTokenServer(secret: string, lifetime: () => number) {
  const asked: Asked[] = [];
  const server = createServer();
  const issuer = `http://127.0.0.1:${await listen(server)}`;
  const provider = new Provider(issuer, {
    adapter: memoryAdapter(),
    jwks: { keys: [signingKey("tokens")] },
    scopes: ["call"],
    clients: [
      {
        client_id: "gateway",
        client_secret: secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ["client_credentials", EXCHANGE],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          audience: RESOURCE,
          scope: "call",
          accessTokenFormat: "jwt",
          accessTokenTTL: lifetime(),
          jwt: { sign: { alg: "RS256" } },
        }),
        useGrantedResource: () => true,
      },
    },
    extraTokenClaims: (context) => {
      const act = (context as { readonly exchangedFor?: string }).exchangedFor;
      return act === undefined ? undefined : { onBehalfOf: act };
    },
  });
  // RFC 8693: the subject of the token that is exchanged stands in the new one.
  provider.registerGrantType(
    EXCHANGE,
    async (context) => {
      const { client, params, provider: own } = context.oidc;
      if (client === undefined) throw new errors.InvalidClient("none");
      const subject = decodeJwt(String(params?.subject_token)).sub;
      if (subject === undefined) throw new errors.InvalidGrant("no subject");
      Object.assign(context, { exchangedFor: subject });
      const token = new own.ClientCredentials({ client, scope: "call" });
      const info = {
        audience: RESOURCE,
        scope: "call",
        accessTokenFormat: "jwt",
        accessTokenTTL: lifetime(),
        jwt: { sign: { alg: "RS256" } },
      };
      Object.assign(token, { resourceServer: new own.ResourceServer(RESOURCE, info as never) });
      context.body = {
        access_token: await token.save(),
        issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
        token_type: "Bearer",
        expires_in: lifetime(),
      };
    },
    ["subject_token", "subject_token_type", "requested_token_type", "resource", "scope", "audience"],
  );
  provider.use(async (context, next) => {
    await next();
    if (context.path !== "/token") return;
    const form = Object.entries((context.oidc?.body ?? {}) as Record<string, string>);
    asked.push({ authorization: context.get("authorization") || undefined, form: new URLSearchParams(form) });
  });
  server.on("request", provider.callback());
  return { issuer, tokenEndpoint: `${issuer}/token`, asked, stop: () => closeServer(server) };
}
