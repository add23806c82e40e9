import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { RESERVED } from "../../lambdas/gateway/concurrency.ts";
import type { ServerConfig } from "../config/schema.ts";
import type { GatewayFunction, GatewayFunctionProps } from "./gateway-function.ts";
import type { Network } from "./network.ts";

export interface DataPathOptions {
  readonly servers: readonly ServerConfig[];
  /** Where private servers are reached; undefined when there are none. */
  readonly network: Network | undefined;
  /** Makes a function of a service under a construct id. */
  readonly make: (
    id: string,
    service: string,
    description: string,
    props: Pick<GatewayFunctionProps, "timeout" | "memorySize" | "reserved" | "network">,
  ) => GatewayFunction;
}

/** The functions that speak MCP. */
export interface DataPath {
  readonly functions: readonly GatewayFunction[];
  /** Names of those functions in the house plan. */
  readonly services: readonly string[];
  /** Answers calls to a server. */
  gatewayOf(server: ServerConfig): IFunction;
  /** Holds streams open for what a server says unasked; undefined for a server that does not push. */
  listenerOf(server: ServerConfig): IFunction | undefined;
  /** Answers, and records, calls to servers that there are none of. */
  readonly unknownServers: IFunction;
}

/** Longest life of a function, and of a streamed answer. */
const LONGEST = Duration.minutes(15);
/** Calls have the larger share: each stream that a client keeps open occupies an environment of the listener's for as long as it lasts. */
const GATEWAY = {
  service: "gateway",
  id: "Gateway",
  does: "The MCP data path to",
  memorySize: 1024,
  reserved: RESERVED,
};
/** Mostly silent, and paid by the gigabyte and second: half the memory. */
const LISTENER = { service: "listener", id: "Listener", does: "Streams kept open to", memorySize: 512, reserved: 100 };
const REACH = {
  private: { id: "Private", servers: "servers in the VPC" },
  public: { id: "Public", servers: "public servers" },
} as const;

/**
 * Makes what speaks MCP: the same code path twice, `gateway` for calls and `listener`, with fewer rights, for streams that stay
 * open, each with its own concurrency, so that idle streams cannot starve calls; each in the VPC or outside it, as the
 * servers need.
 */
export function dataPath({ servers, network, make }: DataPathOptions): DataPath {
  const provide = (kind: typeof GATEWAY, reach: ServerConfig["network"], served: readonly ServerConfig[]) => {
    if (!served.some((server) => server.network === reach)) return undefined;
    const inside = reach === "private" ? network : undefined;
    return make(`${kind.id}${REACH[reach].id}`, kind.service, `${kind.does} ${REACH[reach].servers}`, {
      timeout: LONGEST,
      memorySize: kind.memorySize,
      reserved: kind.reserved,
      ...(inside ? { network: { vpc: inside.vpc, subnets: inside.subnets, securityGroup: inside.dataPathGroup } } : {}),
    });
  };
  const both = (kind: typeof GATEWAY, served: readonly ServerConfig[]) => ({
    private: provide(kind, "private", served),
    public: provide(kind, "public", served),
  });
  const gateways = both(GATEWAY, servers);
  const listeners = both(
    LISTENER,
    servers.filter((server) => server.push),
  );
  const required = (made: GatewayFunction | undefined): IFunction => {
    if (made === undefined) throw new Error("no server is configured");
    return made.function;
  };
  const pushes = servers.some((server) => server.push);
  return {
    services: [GATEWAY, ...(pushes ? [LISTENER] : [])].map(({ service }) => service),
    functions: [...Object.values(gateways), ...Object.values(listeners)].filter((made) => made !== undefined),
    gatewayOf: (server) => required(gateways[server.network]),
    listenerOf: (server) => (server.push ? listeners[server.network]?.function : undefined),
    unknownServers: required(gateways.private ?? gateways.public),
  };
}
