import ipaddr from "ipaddr.js";
import * as z from "zod";

/** An id of AWS: the kind of thing, a dash and hexadecimal digits. */
const idOf = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), `an id such as ${kind}-0123456789abcdef0`);

/** A block of addresses in its shortest form: the bits behind the prefix are zero. */
export const cidr = z.string().refine((text) => {
  if (!ipaddr.isValidCIDR(text)) return false;
  const [, bits] = ipaddr.parseCIDR(text);
  const family = text.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  return `${family.networkAddressFromCIDR(text).toString()}/${bits}` === text;
}, "a CIDR block such as 10.20.0.0/16, whose address is its first");

const securityGroup = idOf("sg");

const prefixLists = z
  .strictObject({ dynamodb: idOf("pl"), s3: idOf("pl") })
  .describe("The region's own lists of addresses: aws ec2 describe-managed-prefix-lists");

const own = z.strictObject({
  kind: z.literal("own"),
  cidr: cidr.describe("Addresses of the network that is made; private ones, /16 to /23"),
  prefixLists: prefixLists
    .nullable()
    .describe("null: port 443 is open to every address, which no route leads to; for a trial"),
});

const endpoints = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("own") }).describe("They are made, each with a policy"),
  z.strictObject({
    kind: z.literal("existing"),
    ids: z
      .strictObject({
        dynamodb: idOf("vpce"),
        s3: idOf("vpce"),
        kms: idOf("vpce"),
        secretsmanager: idOf("vpce"),
        sts: idOf("vpce").optional().describe("Where a private server is called with an assumed role"),
        lambda: idOf("vpce").optional().describe("Where a private server's token endpoint is public"),
      })
      .describe("The endpoint of each service that is called from the VPC"),
    securityGroups: z
      .array(securityGroup)
      .min(1)
      .describe("Groups of the interface endpoints; port 443 is opened to them"),
  }),
]);

const existing = z.strictObject({
  kind: z.literal("existing"),
  vpcId: idOf("vpc"),
  subnets: z
    .array(
      z.strictObject({
        id: idOf("subnet"),
        zone: z.string().regex(/^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$/, "an availability zone such as eu-central-1a"),
        routeTable: idOf("rtb").nullable().describe("Where the routes of gateway endpoints go; null where they exist"),
      }),
    )
    .min(1)
    .describe("Private subnets for the functions, in two zones at least"),
  securityGroup: securityGroup
    .nullable()
    .describe("A group of yours for the functions; null: one is made that lets out to servers and endpoints alone"),
  endpoints,
  prefixLists,
});

/** Where private servers are reached: a network that the stack makes, or one that exists, by its ids. */
export const network = z.discriminatedUnion("kind", [own, existing]);

export type NetworkConfig = z.infer<typeof network>;
export type OwnNetwork = Extract<NetworkConfig, { kind: "own" }>;
export type ExistingNetwork = Extract<NetworkConfig, { kind: "existing" }>;

/** Where a server is. */
export const addresses = z.array(z.union([securityGroup, cidr], "a security group's id, or a CIDR block")).min(1);

/** Who vouches for a server's certificate. */
export const authority = z.union(
  [
    z.strictObject({ file: z.string().min(1).describe("PEM file beside gateway.yaml, read at synth") }),
    z.strictObject({ secretName: z.string().min(1).describe("Name of the Secrets Manager secret that holds the PEM") }),
  ],
  "{ file: <PEM file> } or { secretName: <secret> }",
);
