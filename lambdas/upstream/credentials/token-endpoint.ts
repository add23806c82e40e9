import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse,
  ResponseBodyError,
} from "oauth4webapi";
import type { TokenCredential } from "../../../lib/config/credential.ts";
import type { ServerConfig } from "../../../lib/config/schema.ts";
import type { Secrets } from "../../aws/secrets.ts";
import type { Resolve } from "../checked-lookup.ts";
import { connectionsTo } from "../connections.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import { noCredential, step } from "./no-credential.ts";
import { type RotatingSecret, rotatingSecret } from "./rotating-secret.ts";
import type { Mint, Token, TokenRequest } from "./token-mint.ts";

/** Milliseconds until a token endpoint must have answered. */
const PATIENCE = 5000;
/** Milliseconds that a token is used whose server does not say how long it lives (RFC 6749 section 5.1 lets it). */
const UNSAID_LIFETIME = 300_000;

const TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
/** RFC 6749 section 5.2, RFC 8707, RFC 8693: other words of a server could hold anything, and are not told. */
const KNOWN_ERRORS = [
  "invalid_client",
  "invalid_grant",
  "invalid_request",
  "invalid_scope",
  "invalid_target",
  "unauthorized_client",
  "unsupported_grant_type",
];

export interface TokenEndpointOptions {
  readonly servers: readonly ServerConfig[];
  readonly secrets: Secrets;
  /** Whether token endpoints may be on this very machine: only on a laptop. */
  readonly loopback: boolean;
  /** How names become addresses. @default the system's way */
  readonly resolve?: Resolve | undefined;
}

/** Whom the gateway is at a token endpoint, and the way there. */
interface TokenClient {
  readonly credential: TokenCredential;
  readonly secret: RotatingSecret;
  readonly fetch: ReturnType<typeof guardedFetch>;
}

/** Asks the token endpoints of servers, each with its client's secret, and each where the configuration says that it is. */
export function tokenEndpoints({ servers, secrets, loopback, resolve }: TokenEndpointOptions): Mint {
  const clients = new Map(
    servers.flatMap(({ name, credential, addresses }) => {
      if (credential.kind !== "client-credentials" && credential.kind !== "token-exchange") return [];
      // In the network it is expected where the server is; the security group lets it be nowhere else.
      const inside = credential.tokenNetwork === "private" ? { addresses } : {};
      const whereabouts = { network: credential.tokenNetwork, ...inside, loopback };
      const connections = connectionsTo({ whereabouts, silence: PATIENCE, tls: undefined, resolve });
      const secret = rotatingSecret(credential.secretName, secrets);
      return [[name, { credential, secret, fetch: guardedFetch(connections) } satisfies TokenClient] as const];
    }),
  );
  return async (request) => {
    const client = clients.get(request.server);
    if (client === undefined) throw noCredential("none of it is known here");
    return ask(client, request);
  };
}

/** A client's secret that the server does not take may have rotated: another is tried once (RFC 6749, `invalid_client`). */
async function ask(client: TokenClient, request: TokenRequest): Promise<Token> {
  const { secret } = client;
  const text = await step("its client's secret cannot be read", secret.current);
  try {
    return await askWith(text, client, request);
  } catch (cause) {
    if (!(cause instanceof ResponseBodyError) || cause.error !== "invalid_client") throw told(cause);
    const other = await secret.insteadOf(text).catch(() => undefined);
    if (other === undefined) throw told(cause);
    return askWith(other, client, request).catch((again) => {
      throw told(again);
    });
  }
}

async function askWith(
  secret: string,
  { credential, fetch }: TokenClient,
  { subjectToken }: TokenRequest,
): Promise<Token> {
  const { tokenEndpoint, clientId, authentication } = credential;
  const server: AuthorizationServer = { issuer: tokenEndpoint, token_endpoint: tokenEndpoint };
  const client: Client = { client_id: clientId };
  const asked = Date.now();
  const answer = await genericTokenEndpointRequest(
    server,
    client,
    AUTHENTICATION[authentication](secret),
    credential.kind === "token-exchange" ? EXCHANGE : "client_credentials",
    parametersOf(credential, subjectToken),
    {
      signal: AbortSignal.timeout(PATIENCE),
      [customFetch]: fetch,
      // The configuration lets plain HTTP stand for loopback alone.
      [allowInsecureRequests]: tokenEndpoint.startsWith("http://"),
    },
  );
  const { access_token: text, expires_in: lifetime } = await processGenericTokenEndpointResponse(
    server,
    client,
    answer,
  );
  return { text, expiresAt: asked + (lifetime === undefined ? UNSAID_LIFETIME : lifetime * 1000) };
}

const AUTHENTICATION: Readonly<Record<TokenCredential["authentication"], (secret: string) => ClientAuth>> = {
  client_secret_basic: ClientSecretBasic,
  client_secret_post: ClientSecretPost,
};

function parametersOf(credential: TokenCredential, subjectToken: string | undefined): Record<string, string> {
  const { scope, audience, resource } = credential;
  const said = Object.entries({ scope, audience, resource }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  if (credential.kind === "client-credentials") return Object.fromEntries(said);
  if (subjectToken === undefined) throw noCredential("it is exchanged for a caller's token, and there is none");
  return {
    ...Object.fromEntries(said),
    subject_token: subjectToken,
    subject_token_type: `${TOKEN_TYPE}${credential.subjectTokenType}`,
    requested_token_type: `${TOKEN_TYPE}access_token`,
  };
}

/** The failure in words that hold neither the secret nor anything that the server made up. */
function told(cause: unknown): unknown {
  if (!(cause instanceof ResponseBodyError)) return cause;
  const code = KNOWN_ERRORS.includes(cause.error) ? cause.error : `HTTP ${cause.status}`;
  return noCredential(`its authorization server gave no token (${code})`);
}
