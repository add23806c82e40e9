import type { Secrets } from "../../../lambdas/aws/secrets.ts";
import { type OnBehalfOf, UpstreamFailure } from "../../../lambdas/domain/upstream/answer.ts";
import type { Environment } from "../../../lambdas/environment.ts";
import type { Resolve } from "../../../lambdas/upstream/checked-lookup.ts";
import { serverCredentials } from "../../../lambdas/upstream/credentials/server-credentials.ts";
import { httpUpstream } from "../../../lambdas/upstream/http-upstream.ts";
import type { IssuerConfig, ServerConfig } from "../../../lib/config/schema.ts";
import { secretsOf } from "./credentials.ts";

export interface SceneOptions {
  readonly url: string;
  readonly credential: ServerConfig["credential"];
  readonly secrets?: Secrets;
  readonly issuers?: readonly IssuerConfig[];
  readonly environment?: Environment;
  /** Whether token endpoints may be on this machine, as they are on a laptop. @default true */
  readonly tokensHere?: boolean;
  /** How names of token endpoints become addresses. @default the system's way */
  readonly resolve?: Resolve;
  readonly network?: ServerConfig["network"];
  /** Where the server is, and what of its token endpoint is in the network. */
  readonly addresses?: ServerConfig["addresses"];
  /** PEM of the server's authority. */
  readonly authority?: string;
}

/** One server behind the gateway's own way to it. */
export function sceneOf({
  url,
  credential,
  secrets = secretsOf({}),
  issuers = [],
  environment = {},
  network = "private",
  addresses,
  tokensHere = true,
  resolve,
  authority,
}: SceneOptions) {
  const where = tokensHere ? { LOOPBACK_SERVERS: "allowed", ...environment } : environment;
  const server: ServerConfig = {
    name: "srv",
    url,
    network,
    push: false,
    credential,
    addresses,
    ...(authority === undefined ? {} : { ca: { file: "ca.pem" } }),
  };
  const upstream = httpUpstream({
    servers: [server],
    secret: secrets.current,
    credentials: serverCredentials({ servers: [server], issuers, secrets, environment: where, resolve }),
    timeout: 5,
    largest: 65_536,
    authorities: authority === undefined ? {} : { srv: authority },
    loopback: true,
  });
  return {
    /** One call: its text, or how it failed. */
    async call(onBehalfOf?: OnBehalfOf, headers: Readonly<Record<string, string>> = {}) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "t" } });
      try {
        const { messages } = await upstream.send({
          server: "srv",
          method: "POST",
          body,
          headers: { "content-type": "application/json", ...headers },
          within: 10_000,
          ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
        });
        let text: string | undefined;
        for await (const together of messages) for (const message of together) text = message.text;
        return { text };
      } catch (failure) {
        if (!(failure instanceof UpstreamFailure)) throw failure;
        return { failure };
      }
    },
  };
}

/** A caller of an issuer, with a token. */
export function callerOf(
  subject: string,
  more: Partial<OnBehalfOf["caller"]["principal"]> = {},
  token = `token-of-${subject}`,
): OnBehalfOf {
  return {
    token,
    caller: {
      principal: {
        kind: "user",
        id: `company|${subject}`,
        issuer: "https://login.example.com",
        subject,
        client: "agent",
        name: subject,
        groups: [],
        person: null,
        initiator: null,
        signIn: "s",
        jti: null,
        authTime: null,
        acr: null,
        amr: [],
        delegation: [],
        ...more,
      },
      expiresAt: Math.floor(Date.now() / 1000) + 3600,
      audience: "a",
    },
  };
}

/** What a good server answers. */
export const OK = JSON.stringify({ jsonrpc: "2.0", id: 1, result: {} });
