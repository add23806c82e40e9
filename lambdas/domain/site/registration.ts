import type { Config } from "../../../lib/config/schema.ts";

type Registration = NonNullable<Config["registration"]>;

export const REGISTER = "/register";

/** Where clients look for an authorization server's metadata (RFC 8414, section 3). */
export const AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";

/**
 * OAuth 2.0 Authorization Server Metadata (RFC 8414, section 2): people sign in at the issuer's own endpoints, and only
 * registration is here. `issuer` is this gateway, because clients compare it with where they found it; tokens have the
 * issuer's own `iss`, which no client reads.
 *
 * @param base URL of this gateway, without a slash at the end
 */
export const authorizationServer = (base: string, own: Registration) => ({
  issuer: base,
  authorization_endpoint: own.authorizationEndpoint,
  token_endpoint: own.tokenEndpoint,
  registration_endpoint: `${base}${REGISTER}`,
  scopes_supported: own.scopes,
  response_types_supported: ["code"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  token_endpoint_auth_methods_supported: ["none"],
  code_challenge_methods_supported: ["S256"],
});

/** An answer of the registration endpoint (RFC 7591, section 3.2). */
export interface Registered {
  readonly status: 201 | 400;
  readonly body: object;
}

/**
 * Answers a client that wants to be registered with the one client that is configured. Nothing is stored: whoever asks is
 * told the same, and may be sent back only to where the list lets it. What else it asks for is left out or replaced, as
 * RFC 7591 (3.2.1) has it: Cursor names a URI of its own scheme beside the one it uses, and Claude asks for a secret.
 *
 * @param asked the request's body; undefined when it is no JSON object
 */
export function register(asked: Readonly<Record<string, unknown>> | undefined, own: Registration): Registered {
  if (asked === undefined) return refused("invalid_client_metadata", "the body must be a JSON object");
  const uris = asked.redirect_uris;
  if (!Array.isArray(uris) || uris.length === 0 || !uris.every((uri) => typeof uri === "string"))
    return refused("invalid_redirect_uri", "redirect_uris must be a list of URLs");
  const listed = uris.filter((uri: string) => own.redirectUris.some((allowed) => isAllowed(uri, allowed)));
  if (listed.length === 0)
    return refused("invalid_redirect_uri", "no redirect URI is on this gateway's list; ask your administrator");
  return {
    status: 201,
    body: {
      client_id: own.clientId,
      redirect_uris: listed,
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      scope: own.scopes.join(" "),
    },
  };
}

const refused = (error: string, description: string): Registered => ({
  status: 400,
  body: { error, error_description: description },
});

/** Letter by letter; only the port of a loopback address is the client's own (RFC 8252, section 7.3). */
function isAllowed(uri: string, allowed: string): boolean {
  if (uri === allowed) return true;
  const { protocol, hostname, pathname } = new URL(allowed);
  if (protocol !== "http:") return false;
  const origin = `http://${hostname}`;
  if (!uri.startsWith(origin)) return false;
  const path = uri.slice(origin.length).replace(/^:\d{1,5}(?=\/|$)/, "");
  return (path === "" ? "/" : path) === pathname;
}
