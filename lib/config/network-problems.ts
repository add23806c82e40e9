import ipaddr from "ipaddr.js";
import { whyRefused } from "../../lambdas/upstream/addresses.ts";
import { endpointServices } from "./endpoint-services.ts";
import type { ExistingNetwork, OwnNetwork } from "./network.ts";
import type { Config, ServerConfig } from "./schema.ts";

/** A mistake that synth can know: the path of the key, and what would be right. */
export interface NetworkProblem {
  readonly at: readonly (string | number)[];
  readonly message: string;
}

/** What no single key of the network, or of a server's place in it, shows. */
export function networkProblems(config: Config): NetworkProblem[] {
  const { network, servers } = config;
  const below = (path: readonly (string | number)[], problems: readonly NetworkProblem[]) =>
    problems.map(({ at, message }) => ({ at: [...path, ...at], message }));
  return [
    ...(network?.kind === "own" ? below(["network"], ownProblems(network)) : []),
    ...(network?.kind === "existing" ? below(["network"], existingProblems(network, servers)) : []),
    ...servers.flatMap((server, at) => below(["servers", at], serverProblems(server, config))),
  ];
}

function ownProblems({ cidr }: OwnNetwork): NetworkProblem[] {
  const [base, bits] = ipaddr.parseCIDR(cidr);
  const fits = ["private", "carrierGradeNat"].includes(base.range()) && bits >= 16 && bits <= 23;
  return fits ? [] : [{ at: ["cidr"], message: "a block of private IPv4 addresses, /16 to /23" }];
}

function existingProblems({ subnets, endpoints }: ExistingNetwork, servers: readonly ServerConfig[]): NetworkProblem[] {
  const problems: NetworkProblem[] = [];
  if (new Set(subnets.map(({ zone }) => zone)).size < 2)
    problems.push({ at: ["subnets"], message: "subnets in two zones: one zone that fails would stop every call" });
  if (new Set(subnets.map(({ zone }) => zone.slice(0, -1))).size > 1)
    problems.push({ at: ["subnets"], message: "subnets of one region" });
  subnets.forEach(({ id, routeTable }, at) => {
    if (subnets.findIndex((other) => other.id === id) !== at)
      problems.push({ at: ["subnets", at, "id"], message: "a subnet that is not listed yet" });
    if (routeTable === null && endpoints.kind === "own")
      problems.push({
        at: ["subnets", at, "routeTable"],
        message: "the subnet's route table, for the endpoints of DynamoDB and S3 that are made",
      });
  });
  if (endpoints.kind === "existing")
    for (const service of endpointServices(servers))
      if (endpoints.ids[service] === undefined)
        problems.push({
          at: ["endpoints", "ids"],
          message: `an endpoint of ${service}, which the servers' credentials ask for`,
        });
  return problems;
}

function serverProblems(server: ServerConfig, { network, publicUrl }: Config): NetworkProblem[] {
  const problems: NetworkProblem[] = [];
  const complain = (key: string, message: string) => problems.push({ at: [key], message });
  const { hostname: host, protocol } = new URL(server.url);
  // A configuration whose own URL is on this machine is a laptop's; it cannot be deployed.
  const laptop = publicUrl?.startsWith("http://") ?? false;
  const hostname = host.replace(/^\[|\]$|\.$/g, "");
  const literal = ipaddr.isValid(hostname) ? hostname : undefined;

  if (server.network === "private" && (network === null || network === undefined))
    complain("network", "public; or private together with the key network, which says where that is");
  if (server.network === "private" && server.addresses === undefined && !laptop)
    complain("addresses", "where the private server is: security groups or CIDR blocks; nothing else is let out to");
  if (server.network === "public" && protocol !== "https:") complain("url", "an https URL, for a public server");
  if (server.network === "public" && server.addresses?.some((entry) => entry.startsWith("sg-")))
    complain("addresses", "CIDR blocks: a public server is called from outside the VPC, where no group counts");
  if (server.ca !== undefined && protocol !== "https:") complain("url", "an https URL: `ca` is asked in TLS");
  server.addresses?.forEach((entry, at) => {
    if (entry.startsWith("sg-") || laptop) return;
    const [base, bits] = ipaddr.parseCIDR(entry);
    if (bits < 8)
      problems.push({ at: ["addresses", at], message: "the server's own addresses, not all that there are" });
    else if (whyRefused(base.toString(), { network: "private", loopback: false }) !== undefined)
      problems.push({
        at: ["addresses", at],
        message: "addresses that may be called: not loopback, link-local or reserved",
      });
  });
  if (!laptop && (hostname === "localhost" || hostname.endsWith(".localhost")))
    complain("url", "the server's host: this name is the function's own machine");
  const reason = literal === undefined ? undefined : whyRefused(literal, { ...server, loopback: laptop });
  if (reason !== undefined) complain("url", `a host that may be called: ${reason}`);
  return problems;
}
