import type { ServerConfig } from "./schema.ts";
import { isMintedOutside } from "./server-secrets.ts";

/** Services of AWS that have a gateway endpoint: a route, free of charge. */
export const GATEWAY_ENDPOINTS = ["dynamodb", "s3"] as const;
/** Services that have an interface endpoint: an address in each zone, paid by the hour. */
export const INTERFACE_ENDPOINTS = ["kms", "secretsmanager", "sts", "lambda"] as const;

export type EndpointService = (typeof GATEWAY_ENDPOINTS)[number] | (typeof INTERFACE_ENDPOINTS)[number];

/** The services that the functions in the VPC call, and so the endpoints that it must have. */
export function endpointServices(servers: readonly ServerConfig[]): readonly EndpointService[] {
  const assumesRole = servers.some(({ network, credential }) => network === "private" && credential.kind === "sigv4");
  return [
    ...GATEWAY_ENDPOINTS,
    "kms",
    "secretsmanager",
    ...(assumesRole ? (["sts"] as const) : []),
    // The function outside the VPC that gets tokens is invoked from within.
    ...(servers.some(isMintedOutside) ? (["lambda"] as const) : []),
  ];
}
