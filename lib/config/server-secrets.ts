import type { ServerConfig } from "./schema.ts";

/** Whether a server's tokens are got by a function outside the VPC: the server is inside, its token endpoint is not. */
export const isMintedOutside = ({ network, credential }: ServerConfig): boolean =>
  network === "private" && "tokenNetwork" in credential && credential.tokenNetwork === "public";

const namesOf = (servers: readonly ServerConfig[]) => [
  ...new Set(servers.flatMap(({ credential }) => ("secretName" in credential ? [credential.secretName] : []))),
];

/** Names of the secrets that the gateway reads for its servers' credentials. */
export const gatewaySecrets = (servers: readonly ServerConfig[]) =>
  namesOf(servers.filter((server) => !isMintedOutside(server)));

/** Names of the secrets that the minter reads. */
export const minterSecrets = (servers: readonly ServerConfig[]) => namesOf(servers.filter(isMintedOutside));

/** ARNs of the roles that the gateway assumes. */
export const serverRoles = (servers: readonly ServerConfig[]) => [
  ...new Set(servers.flatMap(({ credential }) => (credential.kind === "sigv4" ? [credential.roleArn] : []))),
];
