import ipaddr from "ipaddr.js";
import type { ServerConfig } from "../../lib/config/schema.ts";

/** Where a server may be found. */
export interface Whereabouts {
  readonly network: ServerConfig["network"];
  /** Security groups and CIDR blocks, as configured. */
  readonly addresses?: readonly string[] | undefined;
  /** Whether this machine itself may be called; only on a laptop. */
  readonly loopback: boolean;
}

/** Metadata, names and time of EC2 on IPv6: inside the range of private addresses, so it must be named. */
const EC2_LOCAL = ipaddr.parseCIDR("fd00:ec2::/32");
/** The addresses of IPv6 that are assigned at all; what ipaddr.js knows no name for counts as `unicast`. */
const ASSIGNED = ipaddr.parseCIDR("2000::/3");
const PRIVATE: ReadonlySet<string> = new Set(["private", "uniqueLocal", "carrierGradeNat"]);

/**
 * Why a connection to an address is refused; undefined where it may be made.
 *
 * What is neither public nor private is refused to everyone: link-local addresses, where instance metadata and
 * container credentials are, loopback, multicast, reserved ones, and those of IPv6 that only wrap another (NAT64, 6to4). Where a
 * server's blocks are configured, and no security group beside them, only they will do; otherwise a public server is at
 * a public address.
 *
 * @param address IPv4 or IPv6; an IPv4 address in IPv6's clothes is taken for what it is
 */
export function whyRefused(address: string, { network, addresses = [], loopback }: Whereabouts): string | undefined {
  if (!ipaddr.isValid(address)) return "it is no address";
  const ip = ipaddr.process(address);
  const range = ip.range();
  if (range === "loopback") return loopback ? undefined : "it is a loopback address";
  if (range === "linkLocal" || within(ip, EC2_LOCAL)) return "it is a link-local address";
  const isPublic = range === "unicast" && (ip.kind() === "ipv4" || within(ip, ASSIGNED));
  if (!isPublic && !PRIVATE.has(range)) return "it is a reserved address";

  const blocks = addresses.filter((entry) => ipaddr.isValidCIDR(entry));
  if (blocks.length > 0 && blocks.length === addresses.length)
    return blocks.some((block) => within(ip, ipaddr.parseCIDR(block)))
      ? undefined
      : "it is outside the addresses that are configured";
  return network === "private" || isPublic ? undefined : "it is a private address";
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Only addresses of one family can be compared. */
const within = (ip: Address, [base, bits]: [Address, number]) => ip.kind() === base.kind() && ip.match(base, bits);
