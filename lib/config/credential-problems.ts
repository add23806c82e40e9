import ipaddr from "ipaddr.js";
import { whyRefused } from "../../lambdas/upstream/addresses.ts";
import type { Config, ServerConfig } from "./schema.ts";

/** A mistake in a server's credential: the key below `credential`, or below the server where it begins with a slash. */
export interface CredentialProblem {
  readonly at: readonly string[];
  readonly message: string;
}

/** Headers that are the connection's or the protocol's own: a credential there would break either. */
const TAKEN =
  /^(?:accept|accept-encoding|connection|content-encoding|content-length|content-type|cookie|expect|host|keep-alive|last-event-id|mcp-.*|te|trailer|transfer-encoding|upgrade)$/i;
/** Seconds: the shortest that STS gives, and the longest for a role that is assumed from another. */
const SESSION = { shortest: 900, longest: 3600 };

/** What no single key of a server's credential shows. */
export function credentialProblems({ credential, url, network }: ServerConfig, config: Config): CredentialProblem[] {
  const problems: CredentialProblem[] = [];
  const complain = (key: string, message: string) => problems.push({ at: ["credential", key], message });
  switch (credential.kind) {
    case "none":
      break;
    case "header":
      if (TAKEN.test(credential.header)) complain("header", "a header that is not the protocol's or the connection's");
      break;
    case "sigv4": {
      const { service, region, resource, sessionFor } = credential;
      const [, , of, where] = resource.split(":");
      if (of !== service) complain("resource", `an ARN of ${service}, which the request is signed for`);
      if (where !== region) complain("resource", `an ARN in ${region}, which the request is signed for`);
      if (service === "lambda" && network === "private")
        problems.push({
          at: ["network"],
          message: "public: a Lambda URL cannot be reached from a VPC without a way out",
        });
      if (sessionFor < SESSION.shortest || sessionFor > SESSION.longest) complain("sessionFor", "15m to 1h");
      break;
    }
    case "client-credentials":
    case "token-exchange": {
      if (network === "public" && credential.tokenNetwork === "private")
        complain("tokenNetwork", "public: the gateway of public servers is outside the VPC");
      const host = new URL(credential.tokenEndpoint).hostname.replace(/^\[|\]$/g, "");
      const loopback = config.publicUrl?.startsWith("http://") ?? false;
      const reason = ipaddr.isValid(host)
        ? whyRefused(host, { network: credential.tokenNetwork, loopback })
        : undefined;
      if (reason !== undefined) complain("tokenEndpoint", `a host that may be called: ${reason}`);
      if (!loopback && /(?:^|\.)localhost\.?$/.test(host))
        complain("tokenEndpoint", "the authorization server's host: this name is the function's own machine");
      if (credential.kind === "client-credentials") break;
      const names = config.identity.issuers.map(({ name }) => name);
      for (const name of credential.callersOf)
        if (!names.includes(name)) complain("callersOf", `issuers of this configuration: ${names.join(", ")}`);
      break;
    }
    case "mutual-tls":
      if (!url.startsWith("https://"))
        problems.push({ at: ["url"], message: "an https URL: the certificate is shown in TLS" });
  }
  return problems;
}
