/** Why an auth scenario says nothing about a gateway that is the resource server; the others are run. */
export const WITHOUT_MEANING: ReadonlyMap<string, string> = new Map([
  ["auth/scope-from-www-authenticate", "the gateway's challenge names no scope: policy decides by groups"],
  [
    "auth/scope-from-scopes-supported",
    "the gateway's metadata names scopes only where it registers clients itself, and then names itself, not the scenario's server",
  ],
  ["auth/scope-step-up", "the gateway never answers insufficient_scope: a denied call gets an answer, not a 403"],
  ["auth/scope-retry-limit", "the gateway never answers insufficient_scope: a denied call gets an answer, not a 403"],
  [
    "auth/offline-access-scope",
    "the gateway names no such scope; whether a client that asks for none asks for offline_access is its own choice",
  ],
  ["auth/resource-mismatch", "the gateway's metadata cannot name a resource other than itself"],
  ["auth/client-credentials-jwt", "a workload's issuer is not in the metadata: its platform gives it a token"],
  ["auth/client-credentials-basic", "a workload's issuer is not in the metadata: its platform gives it a token"],
  ["auth/wif-jwt-bearer", "a workload's issuer is not in the metadata: its platform gives it a token"],
  [
    "auth/enterprise-managed-authorization",
    "the grant is between the client and two authorization servers, an extension that no resource server takes part in",
  ],
  ["auth/dpop", "the gateway takes bearer tokens alone, and its metadata says so"],
  ["auth/dpop-nonce", "the gateway takes bearer tokens alone, and its metadata says so"],
]);
