import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import Provider, {
  type Configuration,
  errors,
  interactionPolicy,
  type JWK,
  type KoaContextWithOIDC,
} from "oidc-provider";
import { ACCOUNTS, CI_CLIENT, CLI_CLIENT, CLI_REDIRECT, CONSOLE_CLIENT, claimsOf, emailOf } from "./accounts.ts";
import { memoryAdapter } from "./adapter.ts";
import { errorPage } from "./login-page.ts";

export interface ProviderOptions {
  readonly issuer: string;
  /** Origin of the gateway: the resource of every token that names none. */
  readonly publicUrl: string;
  /** Seconds an access token lives. */
  readonly accessTokenTtl: number;
  readonly key: JWK;
  /** Whether clients may register, and are told the issuer's name when they are sent back. @default true */
  readonly registers?: boolean;
  /** Where agents' own client may be sent back to; http on a loopback address stands for any port. @default `CLI_REDIRECT` */
  readonly redirectUris?: readonly string[];
}

/** An RSA key as the provider wants it. */
export function signingKey(kid: string): JWK {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" } as JWK;
}

/** The issuer of people: PKCE for every client, tokens bound to a resource (RFC 8707), registration open to MCP clients. */
export function peopleProvider(options: ProviderOptions): Provider {
  const policy = interactionPolicy.base();
  // Everyone here consents by signing in: a laptop has no third parties.
  policy.remove("consent");
  const provider = new Provider(options.issuer, {
    ...common(options),
    interactions: { policy, url: (_context, interaction) => `/interaction/${interaction.uid}` },
    clients: [
      {
        client_id: CONSOLE_CLIENT,
        redirect_uris: [`${options.publicUrl}/console/`, `${options.publicUrl}/console/callback`],
        token_endpoint_auth_method: "none",
      },
      {
        client_id: CLI_CLIENT,
        redirect_uris: [...(options.redirectUris ?? [CLI_REDIRECT])],
        token_endpoint_auth_method: "none",
        application_type: "native",
        grant_types: ["authorization_code", "refresh_token"],
      },
    ],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"], groups: ["groups"] },
    findAccount: (_context, id) =>
      ACCOUNTS.some((account) => account.id === id)
        ? { accountId: id, claims: async () => ({ sub: id, ...claimsOf(id) }) }
        : undefined,
    loadExistingGrant: grantEverything,
    extraTokenClaims: async (context, token) => {
      if (!("accountId" in token) || !token.accountId) return undefined;
      const source = context.oidc.entities.AuthorizationCode ?? context.oidc.entities.RefreshToken;
      return {
        ...claimsOf(token.accountId),
        azp: token.clientId,
        auth_time: source?.authTime,
        // The session's own id stays with the provider; this names the sign-in just as well.
        sid: createHash("sha256")
          .update(source?.sessionUid ?? source?.grantId ?? token.jti)
          .digest("base64url")
          .slice(0, 22),
      };
    },
  });
  if (options.registers === false)
    provider.use(async (context, next) => {
      await next();
      const location = context.response.get("location");
      if (URL.canParse(location)) context.redirect(withoutIssuer(new URL(location)));
    });
  return provider;
}

function withoutIssuer(back: URL): string {
  if (back.searchParams.has("code") || back.searchParams.has("error")) back.searchParams.delete("iss");
  return back.href;
}

/** The issuer of workloads, like a CI system's: client credentials alone, each token a run of its own. */
export function workloadProvider(options: ProviderOptions, secret: string): Provider {
  return new Provider(options.issuer, {
    ...common(options),
    clients: [
      {
        client_id: CI_CLIENT,
        client_secret: secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    findAccount: () => undefined,
    extraTokenClaims: async (_context, token) => ({
      azp: token.clientId,
      workflow: token.clientId,
      run_id: randomUUID(),
      actor: emailOf("developer"),
    }),
  });
}

function common(options: ProviderOptions): Configuration {
  const people = {
    Session: 8 * 3600,
    Grant: 8 * 3600,
    RefreshToken: 8 * 3600,
    Interaction: 3600,
    IdToken: 3600,
    AuthorizationCode: 60,
  };
  return {
    adapter: memoryAdapter(),
    jwks: { keys: [options.key] },
    cookies: { keys: [randomBytes(24).toString("hex")], short: { path: "/" } },
    pkce: { required: () => true },
    ttl: { ...people, AccessToken: options.accessTokenTtl, ClientCredentials: options.accessTokenTtl },
    scopes: ["openid", "offline_access", "profile", "email", "groups"],
    clientBasedCORS: (_context, origin) => ["127.0.0.1", "localhost"].includes(URL.parse(origin)?.hostname ?? ""),
    renderError: (context, out) => {
      context.type = "html";
      context.body = errorPage(out.error, out.error_description ?? "");
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      clientCredentials: { enabled: true },
      registration: { enabled: options.registers ?? true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_context, client, oneOf) =>
          oneOf?.[0] ?? (client.clientId === CONSOLE_CLIENT ? `${options.publicUrl}/console` : options.publicUrl),
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource, client) => ({
          audience: audienceOf(resource, client.clientId, options.publicUrl),
          scope: "mcp",
          accessTokenFormat: "jwt",
          accessTokenTTL: options.accessTokenTtl,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  };
}

/** The console's audience is for the console's client alone: a token that an agent holds must not open it. */
function audienceOf(resource: string, client: string, publicUrl: string): string {
  const console = `${publicUrl}/console`;
  if (resource === console && client === CONSOLE_CLIENT) return console;
  if (client === CONSOLE_CLIENT)
    throw new errors.InvalidTarget("the console's client gets tokens of the console alone");
  const { origin, pathname } = new URL(resource);
  if (origin === publicUrl && (pathname === "/" || pathname === "/mcp" || pathname.startsWith("/mcp/")))
    return publicUrl;
  throw new errors.InvalidTarget(`unknown resource; known: ${publicUrl} and what is under ${publicUrl}/mcp`);
}

async function grantEverything(context: KoaContextWithOIDC) {
  const { client, session, provider, params, resourceServers } = context.oidc;
  if (!client || !session?.accountId) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  if (typeof params?.scope === "string") grant.addOIDCScope(params.scope);
  for (const resource of Object.keys(resourceServers ?? {})) grant.addResourceScope(resource, "mcp");
  await grant.save();
  return grant;
}
