import type { RegistrationConfig } from "../../../lib/config/registration.ts";
import type { SamlConfig } from "../../../lib/config/saml.ts";
import type { IssuerConfig } from "../../../lib/config/schema.ts";

/** What is known of the user pool only once it is made. */
export interface PoolFacts {
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** Origin of its sign-in. */
  readonly domain: string;
  /** The public client that every MCP client is told to be. */
  readonly mcpClient: string;
  readonly consoleClient: string;
}

/** Stands for a pool until its deployment: no token has this issuer, and the name never resolves (RFC 2606). */
export const UNMADE: PoolFacts = {
  issuer: "https://pool.invalid",
  domain: "https://sign-in.pool.invalid",
  mcpClient: "unmade-mcp-client",
  consoleClient: "unmade-console-client",
};

/** The claims that the pool's access tokens get from `lambdas/federation`; none of them is one of Cognito's own. */
export const POOL_CLAIMS = { groups: "groups", person: "person", name: "display_name" } as const;

interface Around {
  readonly identity: { readonly issuers: readonly IssuerConfig[]; readonly saml?: SamlConfig | null | undefined };
  readonly console: { readonly issuer: string; readonly clientId: string; readonly audience: string };
  readonly registration?: RegistrationConfig | null | undefined;
}

/**
 * The configuration with the pool in it: as an issuer, as the one that clients are registered at, and as the console's sign-in
 * where it is that. Where no provider speaks SAML it is the same. Said again with other facts, they take the place of the first.
 */
export function withPool<C extends Around>(config: C, facts: PoolFacts): C {
  const { saml, issuers } = config.identity;
  if (saml == null) return config;
  const others = issuers.filter(({ name }) => name !== saml.name);
  const own = { clientId: facts.consoleClient, audience: facts.consoleClient };
  return {
    ...config,
    identity: { ...config.identity, issuers: [issuerOf(saml, facts), ...others] },
    console: config.console.issuer === saml.name ? { ...config.console, ...own } : config.console,
    registration: {
      issuer: saml.name,
      clientId: facts.mcpClient,
      authorizationEndpoint: `${facts.domain}/oauth2/authorize`,
      tokenEndpoint: `${facts.domain}/oauth2/token`,
      scopes: ["openid"],
      redirectUris: saml.redirectUris,
    },
  };
}

/** The pool as an issuer. Its access tokens name their client where others have an audience, and have no `typ`. */
const issuerOf = (saml: SamlConfig, { issuer, mcpClient }: PoolFacts): IssuerConfig => ({
  name: saml.name,
  kind: "user",
  issuer,
  jwksUri: `${issuer}/.well-known/jwks.json`,
  algorithms: ["RS256"],
  type: null,
  audiences: [mcpClient],
  audienceClaim: "client_id",
  clockToleranceSeconds: 30,
  maxLifetime: saml.tokenLifetime,
  // Keeps ID tokens out, and whatever the pool made without asking `lambdas/federation`.
  require: { token_use: ["access"], [POOL_CLAIMS.person]: null },
  claims: {
    // `<provider>_<NameID>`: what the SAML provider calls a person, which a leaver process knows, and the same in another pool.
    id: ["username"],
    groups: POOL_CLAIMS.groups,
    ...(saml.groupNames === undefined ? {} : { groupNames: saml.groupNames }),
    name: POOL_CLAIMS.name,
    person: POOL_CLAIMS.person,
    session: "origin_jti",
    initiator: null,
  },
});
