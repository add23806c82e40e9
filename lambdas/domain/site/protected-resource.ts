import type { Config } from "../../../lib/config/schema.ts";

/** OAuth 2.0 Protected Resource Metadata, RFC 9728 section 2. */
export interface ProtectedResource {
  readonly resource: string;
  readonly resource_name: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
  readonly scopes_supported?: readonly string[];
}

const ROOT = "/.well-known/oauth-protected-resource";

/**
 * The metadata that a client asks for after a 401, or undefined where there is no such resource.
 * It names no scopes, because policy decides by groups: only clients that were registered here are told what to ask for.
 *
 * @param path the request's path, without the stage
 * @param base URL of this gateway, without a slash at the end
 */
export function protectedResource(path: string, base: string, config: Config): ProtectedResource | undefined {
  if (path === ROOT) return describe(base, base, "Countersign", config);
  const server = config.servers.find((entry) => path === `${ROOT}/mcp/${entry.name}`);
  return server && describe(base, `${base}/mcp/${server.name}`, `Countersign: ${server.name}`, config);
}

/** Clients add it by themselves where the authorization server has it. */
const isOfResource = (scope: string) => scope !== "offline_access";

/**
 * Only issuers of people are listed: a workload gets its token from its own platform, never by an OAuth flow. One that
 * registers nobody is stood for by this gateway's own metadata.
 */
function describe(base: string, resource: string, name: string, config: Config): ProtectedResource {
  return {
    resource,
    resource_name: name,
    authorization_servers: config.identity.issuers
      .filter((entry) => entry.kind === "user")
      .map((entry) => (entry.name === config.registration?.issuer ? base : entry.issuer)),
    bearer_methods_supported: ["header"],
    ...(config.registration ? { scopes_supported: config.registration.scopes.filter(isOfResource) } : {}),
  };
}
