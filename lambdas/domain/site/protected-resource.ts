import type { Config } from "../../../lib/config/schema.ts";

/** OAuth 2.0 Protected Resource Metadata, RFC 9728 section 2. */
export interface ProtectedResource {
  readonly resource: string;
  readonly resource_name: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
}

const ROOT = "/.well-known/oauth-protected-resource";

/**
 * The metadata that a client asks for after a 401, or undefined where there is no such resource.
 * It names no scopes: policy decides by groups, and `offline_access` is not a resource server's to advertise.
 *
 * @param path the request's path, without the stage
 * @param base URL of this gateway, without a slash at the end
 */
export function protectedResource(path: string, base: string, config: Config): ProtectedResource | undefined {
  if (path === ROOT) return describe(base, "Countersign", config);
  const server = config.servers.find((entry) => path === `${ROOT}/mcp/${entry.name}`);
  return server && describe(`${base}/mcp/${server.name}`, `Countersign: ${server.name}`, config);
}

/** Only issuers of people are listed: a workload gets its token from its own platform, never by an OAuth flow. */
function describe(resource: string, name: string, config: Config): ProtectedResource {
  return {
    resource,
    resource_name: name,
    authorization_servers: config.identity.issuers
      .filter((entry) => entry.kind === "user")
      .map((entry) => entry.issuer),
    bearer_methods_supported: ["header"],
  };
}
