import type { Endpoints } from "../../../local/oidc/robot.ts";

/** Metadata of an authorization server (RFC 8414), as far as these clients read it. */
export interface ServerMetadata extends Endpoints {
  readonly registration_endpoint: string;
  readonly scopes_supported: readonly string[];
  readonly code_challenge_methods_supported: readonly string[];
}

export interface Found {
  readonly metadata: ServerMetadata;
  /** What a token is asked for (RFC 8707); undefined where the client names nothing. */
  readonly resource?: string;
}

/** How a client finds the sign-in from nothing but a server's URL. */
export type Discovery = (server: URL) => Promise<Found>;

interface ResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
}

const OF_RESOURCE = "/.well-known/oauth-protected-resource";
const OF_SERVER = "/.well-known/oauth-authorization-server";

/** Goes where the 401 points, and takes its resource when the server's URL lies within it. */
export const byChallenge: Discovery = async (server) => {
  const { resource, authorization_servers } = await challengeOf(server);
  if (!server.href.startsWith(`${resource}/`)) throw new Error(`${server} does not lie within ${resource}`);
  return { resource, metadata: await metadataOf(authorization_servers[0]) };
};

/** Goes where the 401 points, but asks the server's origin instead when the resource is not the server's very URL. */
export const byExactChallenge: Discovery = async (server) => {
  const { resource, authorization_servers } = await challengeOf(server);
  if (resource !== server.href) return { metadata: await metadataOf(server.origin) };
  return { resource, metadata: await metadataOf(authorization_servers[0]) };
};

/** Looks where RFC 9728 places a server's own metadata, whatever the 401 says. */
export const byPlace: Discovery = async (server) => {
  const found = await read<ResourceMetadata>(new URL(`${OF_RESOURCE}${server.pathname}`, server));
  if (found?.resource !== server.href) throw new Error(`${server} has metadata of ${found?.resource}`);
  return { resource: found.resource, metadata: await metadataOf(found.authorization_servers[0]) };
};

/** Looks for the authorization server below, behind and beside the path, as clients of 2025 did; of resources it knows nothing. */
export const byPath: Discovery = async (server) => {
  for (const path of [`${OF_SERVER}${server.pathname}`, `${server.pathname}${OF_SERVER}`, OF_SERVER]) {
    const metadata = await read<ServerMetadata>(new URL(path, server), { "mcp-protocol-version": "2024-11-05" });
    if (metadata?.authorization_endpoint && metadata.token_endpoint) return { metadata };
  }
  throw new Error(`${server} has no authorization server`);
};

/** The metadata that a 401 points at. */
export async function challengeOf(server: URL, method: "POST" | "HEAD" = "POST"): Promise<ResourceMetadata> {
  const { status, headers } = await fetch(server, { method });
  const named = /resource_metadata="([^"]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1];
  const found = named === undefined ? undefined : await read<ResourceMetadata>(named);
  if (status !== 401 || found === undefined) throw new Error(`${server} does not say where to sign in: ${status}`);
  return found;
}

async function metadataOf(issuer: string | undefined): Promise<ServerMetadata> {
  const found = await read<ServerMetadata & { readonly issuer: string }>(`${issuer}${OF_SERVER}`);
  if (found?.issuer !== issuer) throw new Error(`${issuer} has metadata of ${found?.issuer}`);
  return found as ServerMetadata;
}

async function read<Body>(url: URL | string, headers: Record<string, string> = {}): Promise<Body | undefined> {
  const answer = await fetch(url, { headers: { accept: "application/json", ...headers } });
  const text = await answer.text();
  return answer.status === 200 ? (JSON.parse(text) as Body) : undefined;
}
