import type { IssuerConfig, ServerConfig } from "../../../lib/config/schema.ts";
import { isMintedOutside } from "../../../lib/config/server-secrets.ts";
import type { Secrets } from "../../aws/secrets.ts";
import type { Environment } from "../../environment.ts";
import type { Resolve } from "../checked-lookup.ts";
import { mayCallItself } from "../may-call-itself.ts";
import type { Credential } from "./credential.ts";
import { headerCredential } from "./header.ts";

/** Where credentials come from. */
export interface CredentialSources {
  readonly servers: readonly ServerConfig[];
  readonly issuers: readonly IssuerConfig[];
  readonly secrets: Secrets;
  readonly environment: Environment;
  /** How names of token endpoints become addresses. @default the system's way */
  readonly resolve?: Resolve | undefined;
}

const NONE: Credential = { present: async () => ({ headers: {} }) };

/**
 * How the gateway identifies itself to a server. What most servers need is here at once; the others' libraries are
 * loaded at the first call that needs them, so that a cold start does not pay for them.
 */
export function serverCredentials(sources: CredentialSources): (server: ServerConfig) => Credential {
  const { secrets, environment, servers, issuers, resolve } = sources;
  const loopback = mayCallItself(environment);
  const direct = once(async () =>
    (await import("./token-endpoint.ts")).tokenEndpoints({ servers, secrets, loopback, resolve }),
  );
  const outside = once(async () => (await import("../../aws/minter-function.ts")).minterFunction(environment));
  const roles = once(async () => (await import("../../aws/assumed-role.ts")).assumedRoles(environment));

  return (server) => {
    const { name, credential } = server;
    switch (credential.kind) {
      case "none":
        return NONE;
      case "header":
        return headerCredential(credential, secrets);
      case "sigv4":
        return lazily(async () => (await import("./signed.ts")).signedCredential(name, credential, await roles()));
      case "client-credentials":
      case "token-exchange":
        return lazily(async () =>
          (await import("./bearer.ts")).bearerCredential(
            name,
            credential,
            issuers,
            await (isMintedOutside(server) ? outside() : direct()),
          ),
        );
      case "mutual-tls": {
        const made = once(async () => (await import("./client-certificate.ts")).clientCertificate(credential, secrets));
        return { ...NONE, certificate: async () => (await made()).certificate() };
      }
    }
  };
}

function lazily(make: () => Promise<Credential>): Credential {
  const made = once(make);
  return { present: async (request) => (await made()).present(request) };
}

/** Makes a thing when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
