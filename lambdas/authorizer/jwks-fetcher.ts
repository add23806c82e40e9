import type { Fetcher } from "aws-jwt-verify/https";

/** Milliseconds until an issuer that does not answer counts as down. */
const TIMEOUT = 3000;

/** Gets key sets. The library's own fetcher speaks https only, and the local provider is on loopback over http. */
export function jwksFetcher(): Fetcher {
  return {
    async fetch(uri) {
      const response = await fetch(uri, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT) });
      if (!response.ok) throw new Error(`the key set answered HTTP ${response.status}`);
      return response.arrayBuffer();
    },
  };
}
