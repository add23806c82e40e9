import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";

const REPLICA = (name: string) => ({
  bucketArn: `arn:aws:s3:::log-archive-${name}`,
  keyArn: "arn:aws:kms:eu-west-1:999988887777:key/11111111-2222-3333-4444-555555555555",
});

/** What the shipped configuration leaves out: people who come by SAML, a VPC that exists, copies elsewhere, and servers of every kind. */
const OPTIONS = {
  saml: {
    name: "company",
    metadataUrl: "https://login.example.com/app/countersign/metadata",
    domainPrefix: "example-countersign",
    attributes: { person: "email", groups: "groups", name: "displayName" },
    encryptedAssertions: true,
    tokenLifetime: "1h",
    refreshFor: "12h",
    redirectUris: ["http://localhost:3118/callback"],
  },
  network: {
    kind: "existing",
    vpcId: "vpc-0123456789abcdef0",
    subnets: [
      { id: "subnet-0a0a0a0a", zone: "eu-central-1a", routeTable: "rtb-0a0a0a0a" },
      { id: "subnet-0b0b0b0b", zone: "eu-central-1b", routeTable: "rtb-0b0b0b0b" },
    ],
    securityGroup: null,
    endpoints: { kind: "own" },
    prefixLists: { dynamodb: "pl-66a5400f", s3: "pl-6ea54007" },
  },
  replication: { account: "999988887777", masked: REPLICA("masked"), sealed: REPLICA("sealed") },
  minted: {
    kind: "client-credentials",
    tokenEndpoint: "https://login.example.com/token",
    tokenNetwork: "public",
    clientId: "countersign",
    secretName: "countersign/clients/everything",
    authentication: "client_secret_basic",
    scope: null,
    audience: null,
    resource: null,
  },
};

/**
 * The shipped configuration with every option that makes something of its own, for what must hold of all that can be deployed.
 * @returns path of its `gateway.yaml`, with the shipped rules beside it
 */
export function fullestConfigFile(): string {
  const shipped = parse(readFileSync("config/gateway.yaml", "utf8"));
  const [, ...workloads] = shipped.identity.issuers;
  const [inside, outside] = shipped.servers;
  const config = {
    ...shipped,
    identity: { issuers: workloads, saml: OPTIONS.saml },
    console: { ...shipped.console, clientId: null, audience: null },
    network: OPTIONS.network,
    servers: [
      { ...inside, push: true, credential: OPTIONS.minted },
      { ...outside, push: true, network: "public", addresses: undefined },
    ],
    replication: OPTIONS.replication,
  };
  const folder = mkdtempSync(join(tmpdir(), "countersign-fullest-"));
  cpSync("config", folder, { recursive: true });
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, stringify(config));
  return file;
}
