import { readFileSync } from "node:fs";
import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../lib/config/config-error.ts";
import { buildSettings } from "../../lib/config/settings.ts";
import { existingNetwork, OWN_NETWORK } from "./networks.ts";
import { actionsOf, configWith, resource, resourcesOf, rightsOf, statementsOf, synthesize } from "./template.ts";

// The first synth proves every expression of the configuration linear, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** Both stacks with texts of the shipped configuration replaced; the rule packs and CDK's own checks would fail it. */
function gatewayWith(changes: Readonly<Record<string, string>>): Template {
  const { app, gateway } = synthesize(configWith(changes));
  app.synth();
  return gateway;
}

interface Rule {
  readonly CidrIp?: string;
  readonly DestinationPrefixListId?: string;
  readonly DestinationSecurityGroupId?: unknown;
  readonly FromPort: number;
  readonly ToPort: number;
  readonly IpProtocol: string;
}

/** Where the functions' group lets out to, inline or as resources of their own: `<peer> <port>`. */
function egressOf(gateway: Template): string[] {
  const group = resource(gateway, "AWS::EC2::SecurityGroup", "NetworkGatewayGroup").Properties;
  const apart = Object.values(resourcesOf(gateway, "AWS::EC2::SecurityGroupEgress")).map(
    ({ Properties }) => Properties,
  );
  return [...((group.SecurityGroupEgress ?? []) as Rule[]), ...(apart as unknown as Rule[])]
    .map((rule) => {
      expect(rule).toMatchObject({ IpProtocol: "tcp", ToPort: rule.FromPort });
      const peer = rule.CidrIp ?? rule.DestinationPrefixListId ?? rule.DestinationSecurityGroupId;
      return `${typeof peer === "string" ? peer : JSON.stringify(peer)} ${rule.FromPort}`;
    })
    .sort();
}

const ENDPOINT_GROUP = expect.stringMatching(/^\{"Fn::GetAtt":\["NetworkEndpointGroup\w+","GroupId"\]\} 443$/);
const endpointsOf = (gateway: Template) =>
  Object.values(resourcesOf(gateway, "AWS::EC2::VPCEndpoint")).map(({ Properties }) => Properties);
const serviceOf = ({ ServiceName }: Record<string, unknown>) =>
  /(dynamodb|s3|kms|secretsmanager|sts|lambda)"?\]?/.exec(JSON.stringify(ServiceName))?.[1];

const OPS_CREDENTIAL =
  'credential: { kind: header, header: Authorization, prefix: "Bearer ", secretName: countersign/servers/ops }';
const TOKENS =
  "{ kind: client-credentials, tokenEndpoint: https://login.internal.example.com:8443/token, tokenNetwork: private, clientId: c, secretName: s, authentication: client_secret_basic, scope: null, audience: null, resource: null }";

describe("a network of the stack's own", () => {
  test("has the addresses that are configured, in isolated subnets without a way out", () => {
    const gateway = gatewayWith({ "cidr: 10.0.0.0/16": "cidr: 172.20.8.0/22" });
    expect(resource(gateway, "AWS::EC2::VPC", "NetworkVpc").Properties.CidrBlock).toBe("172.20.8.0/22");
    const blocks = Object.values(resourcesOf(gateway, "AWS::EC2::Subnet")).map(
      ({ Properties }) => Properties.CidrBlock,
    );
    expect(blocks).toEqual(["172.20.8.0/24", "172.20.9.0/24"]);
    for (const way of ["InternetGateway", "NatGateway", "Route", "EIP", "VPCPeeringConnection"])
      expect(resourcesOf(gateway, `AWS::EC2::${way}`)).toEqual({});
  });

  test("lets the functions out to the servers and the endpoints, and to nothing else", () => {
    const gateway = gatewayWith({
      "everything.internal.example.com/mcp\n    network: private\n    addresses: [10.0.0.0/16]":
        "everything.internal.example.com/mcp\n    network: private\n    addresses: [sg-0123456789abcdef0]",
      "https://ops.internal.example.com/mcp\n    network: private\n    addresses: [10.0.0.0/16]":
        "http://ops.internal.example.com:8080/mcp\n    network: private\n    addresses: [10.20.1.0/24, 10.20.2.0/24]",
    });
    expect(egressOf(gateway)).toEqual([
      "10.20.1.0/24 8080",
      "10.20.2.0/24 8080",
      "pl-66a5400f 443",
      "pl-6ea54007 443",
      "sg-0123456789abcdef0 443",
      ENDPOINT_GROUP,
    ]);
  });

  test("opens one rule for two servers at one place", () => {
    expect(egressOf(gatewayWith({})).filter((rule) => rule.startsWith("10."))).toEqual(["10.0.0.0/16 443"]);
  });

  test("lets the functions out to a token endpoint that is in it too", () => {
    const gateway = gatewayWith({
      [OPS_CREDENTIAL]: `credential: ${TOKENS}`,
    });
    expect(egressOf(gateway)).toContain("10.0.0.0/16 8443");
    expect(
      egressOf(gatewayWith({ [OPS_CREDENTIAL]: `credential: ${TOKENS.replace("private", "public")}` })),
    ).not.toContain("10.0.0.0/16 8443");
  });

  test("of a trial opens port 443, which no route leads out of", () => {
    const gateway = gatewayWith({ [OWN_NETWORK.prefixLists]: "prefixLists: null" });
    expect(egressOf(gateway)).toEqual(["0.0.0.0/0 443", "10.0.0.0/16 443", ENDPOINT_GROUP]);
  });

  test("lets nobody in but the functions at the endpoints", () => {
    const gateway = gatewayWith({});
    for (const { Properties } of Object.values(resourcesOf(gateway, "AWS::EC2::SecurityGroup")))
      expect(Properties.SecurityGroupIngress).toBeUndefined();
    const ingress = Object.values(resourcesOf(gateway, "AWS::EC2::SecurityGroupIngress"));
    expect(ingress).toHaveLength(1);
    expect(ingress[0]?.Properties).toMatchObject({
      FromPort: 443,
      ToPort: 443,
      GroupId: { "Fn::GetAtt": [expect.stringMatching(/^NetworkEndpointGroup/), "GroupId"] },
      SourceSecurityGroupId: { "Fn::GetAtt": [expect.stringMatching(/^NetworkGatewayGroup/), "GroupId"] },
    });
  });

  test("names what servers' own stacks need: group, network and subnets", () => {
    const outputs = Object.keys(gatewayWith({}).findOutputs("*"));
    for (const part of ["GatewayGroupId", "VpcId", "SubnetIds"])
      expect(outputs.filter((name) => name.startsWith(`Network${part}`))).toHaveLength(1);
  });
});

test("whatever the functions in the network may do, an endpoint lets through", () => {
  const gateway = gatewayWith({ [OPS_CREDENTIAL]: `credential: ${TOKENS.replace("private", "public")}` });
  const served = endpointsOf(gateway).map(serviceOf);
  const called = rightsOf(gateway, "GatewayPrivate").flatMap(actionsOf);
  expect(called.length).toBeGreaterThan(5);
  for (const action of called) expect(served, action).toContain(action.split(":")[0]);
});

describe("a network that exists", () => {
  const functionOf = (gateway: Template) => resource(gateway, "AWS::Lambda::Function", "GatewayPrivate").Properties;

  test("is used by its ids: no network is made, and nothing is looked up", () => {
    const configFile = configWith({ [OWN_NETWORK.whole]: existingNetwork() });
    const { app, gateway } = synthesize(configFile);
    const assembly = app.synth();
    for (const type of ["VPC", "Subnet", "RouteTable", "FlowLog"])
      expect(resourcesOf(gateway, `AWS::EC2::${type}`)).toEqual({});
    expect(functionOf(gateway).VpcConfig).toMatchObject({ SubnetIds: ["subnet-0a0a0a0a", "subnet-0b0b0b0b"] });
    expect(assembly.manifest.missing ?? []).toEqual([]);
  });

  test("gets endpoints with policies, in one subnet of each zone", () => {
    const gateway = gatewayWith({
      [OWN_NETWORK.whole]: existingNetwork({
        subnets: [
          "{ id: subnet-0a0a0a0a, zone: eu-central-1a, routeTable: rtb-0a0a0a0a }",
          "{ id: subnet-0c0c0c0c, zone: eu-central-1a, routeTable: rtb-0c0c0c0c }",
          "{ id: subnet-0b0b0b0b, zone: eu-central-1b, routeTable: rtb-0a0a0a0a }",
        ],
      }),
    });
    const endpoints = endpointsOf(gateway);
    expect(endpoints.map(serviceOf).sort()).toEqual(["dynamodb", "kms", "s3", "secretsmanager"]);
    for (const endpoint of endpoints) {
      expect(statementsOf(endpoint.PolicyDocument).length).toBeGreaterThan(0);
      if (endpoint.VpcEndpointType === "Interface")
        expect(endpoint.SubnetIds).toEqual(["subnet-0a0a0a0a", "subnet-0b0b0b0b"]);
      else expect(endpoint.RouteTableIds).toEqual(["rtb-0a0a0a0a", "rtb-0c0c0c0c"]);
    }
  });

  test("with endpoints of its own gets none, and the functions are let out to theirs", () => {
    const gateway = gatewayWith({
      [OWN_NETWORK.whole]: existingNetwork({ endpoints: EXISTING_ENDPOINTS }),
      "addresses: [10.0.0.0/16]": "addresses: [sg-0eeeeeeeeeeeeeee0]",
    });
    expect(endpointsOf(gateway)).toEqual([]);
    expect(egressOf(gateway)).toEqual([
      "pl-66a5400f 443",
      "pl-6ea54007 443",
      "sg-0eeeeeeeeeeeeeee0 443",
      "sg-0fffffffffffffff0 443",
    ]);
  });

  test("with a security group of its own gives it to the functions as it is", () => {
    const gateway = gatewayWith({
      [OWN_NETWORK.whole]: existingNetwork({ securityGroup: "sg-0ddddddddddddddd0", endpoints: EXISTING_ENDPOINTS }),
    });
    expect(functionOf(gateway).VpcConfig).toMatchObject({ SecurityGroupIds: ["sg-0ddddddddddddddd0"] });
    for (const type of ["SecurityGroup", "SecurityGroupEgress", "SecurityGroupIngress"])
      expect(resourcesOf(gateway, `AWS::EC2::${type}`)).toEqual({});
  });
});

const EXISTING_ENDPOINTS =
  "{ kind: existing, ids: { dynamodb: vpce-0a0a0a0a, s3: vpce-0b0b0b0b, kms: vpce-0c0c0c0c, secretsmanager: vpce-0d0d0d0d }, securityGroups: [sg-0fffffffffffffff0] }";

describe("a credential that is got by a service of AWS", () => {
  const SIGV4 =
    "credential: { kind: sigv4, service: execute-api, region: eu-central-1, roleArn: arn:aws:iam::111122223333:role/ops, resource: arn:aws:execute-api:eu-central-1:111122223333:abc/live/POST/mcp, sessionFor: 15m }";

  test("by an assumed role asks for an endpoint of STS", () => {
    expect(
      endpointsOf(gatewayWith({ [OPS_CREDENTIAL]: SIGV4 }))
        .map(serviceOf)
        .sort(),
    ).toEqual(["dynamodb", "kms", "s3", "secretsmanager", "sts"]);
  });

  test("by a function outside the network asks for one of Lambda", () => {
    const changes = { [OPS_CREDENTIAL]: `credential: ${TOKENS.replace("private", "public")}` };
    expect(endpointsOf(gatewayWith(changes)).map(serviceOf)).toContain("lambda");
  });

  test("is refused where the endpoints exist and that one is not among them", () => {
    const file = configWith({
      [OWN_NETWORK.whole]: existingNetwork({ endpoints: EXISTING_ENDPOINTS }),
      [OPS_CREDENTIAL]: SIGV4,
    });
    expect(problemsOf(file)).toEqual([
      expect.stringMatching(
        /gateway\.yaml:\d+: network\.endpoints\.ids: found .*, allowed: an endpoint of sts, which the servers' credentials ask for$/,
      ),
    ]);
  });
});

/** What is told of a wrong configuration. */
function problemsOf(file: string): readonly string[] {
  try {
    buildSettings(file);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems;
  }
}

/** Line of a text in a file. */
const lineOf = (file: string, text: string) =>
  readFileSync(file, "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

const OPS = "https://ops.internal.example.com/mcp\n    network: private\n    addresses: [10.0.0.0/16]";

describe("synth refuses what it can know is wrong, with file, line and cause", () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    [
      "a private server without a network",
      { [OWN_NETWORK.whole]: "network: null" },
      "network: private",
      /servers\[0\]\.network: found "private", allowed: public; or private together with the key network/,
    ],
    [
      "a private server that says nothing of where it is",
      { [OPS]: "https://ops.internal.example.com/mcp\n    network: private" },
      "- name: ops",
      /servers\[1\]\.addresses: found nothing, allowed: where the private server is/,
    ],
    [
      "a server that is everywhere",
      { [OPS]: OPS.replace("10.0.0.0/16", "0.0.0.0/0") },
      "addresses: [0.0.0.0/0]",
      /servers\[1\]\.addresses\[0\]: found "0\.0\.0\.0\/0", allowed: the server's own addresses/,
    ],
    [
      "a server among the metadata",
      { [OPS]: OPS.replace("10.0.0.0/16", "169.254.169.254/32") },
      "addresses: [169.254.169.254/32]",
      /servers\[1\]\.addresses\[0\]: .* not loopback, link-local or reserved/,
    ],
    [
      "a block that does not begin at its beginning",
      { [OPS]: OPS.replace("10.0.0.0/16", "10.0.0.1/16") },
      "addresses: [10.0.0.1/16]",
      /servers\[1\]\.addresses\[0\]: found "10\.0\.0\.1\/16"/,
    ],
    [
      "a public server without TLS",
      { [OPS]: "http://ops.example.com/mcp\n    network: public" },
      "http://ops.example.com/mcp",
      /servers\[1\]\.url: .* allowed: an https URL, for a public server/,
    ],
    [
      "a public server behind a security group",
      { [OPS]: "https://ops.example.com/mcp\n    network: public\n    addresses: [sg-0123456789abcdef0]" },
      "addresses: [sg-0123456789abcdef0]",
      /servers\[1\]\.addresses: .* allowed: CIDR blocks/,
    ],
    [
      "a network too small for two zones",
      { "cidr: 10.0.0.0/16": "cidr: 10.0.0.0/24" },
      "cidr: 10.0.0.0/24",
      /network\.cidr: found "10\.0\.0\.0\/24", allowed: a block of private IPv4 addresses, \/16 to \/23/,
    ],
    [
      "a network of public addresses",
      { "cidr: 10.0.0.0/16": "cidr: 52.0.0.0/16" },
      "cidr: 52.0.0.0/16",
      /network\.cidr: found "52\.0\.0\.0\/16", allowed: a block of private IPv4 addresses/,
    ],
    [
      "subnets in one zone",
      {
        [OWN_NETWORK.whole]: existingNetwork({
          subnets: [
            "{ id: subnet-0a0a0a0a, zone: eu-central-1a, routeTable: rtb-0a0a0a0a }",
            "{ id: subnet-0b0b0b0b, zone: eu-central-1a, routeTable: rtb-0a0a0a0a }",
          ],
        }),
      },
      "subnet-0a0a0a0a",
      /network\.subnets: found .*, allowed: subnets in two zones/,
    ],
    [
      "a subnet that is listed twice",
      {
        [OWN_NETWORK.whole]: existingNetwork({
          subnets: [
            "{ id: subnet-0a0a0a0a, zone: eu-central-1a, routeTable: rtb-0a0a0a0a }",
            "{ id: subnet-0a0a0a0a, zone: eu-central-1b, routeTable: rtb-0a0a0a0a }",
          ],
        }),
      },
      "zone: eu-central-1b",
      /network\.subnets\[1\]\.id: found "subnet-0a0a0a0a", allowed: a subnet that is not listed yet/,
    ],
    [
      "endpoints to be made without the route tables that lead to them",
      {
        [OWN_NETWORK.whole]: existingNetwork({
          subnets: [
            "{ id: subnet-0a0a0a0a, zone: eu-central-1a, routeTable: rtb-0a0a0a0a }",
            "{ id: subnet-0b0b0b0b, zone: eu-central-1b, routeTable: null }",
          ],
        }),
      },
      "routeTable: null",
      /network\.subnets\[1\]\.routeTable: found null, allowed: the subnet's route table/,
    ],
    [
      "endpoints that are said to exist and are not named",
      {
        [OWN_NETWORK.whole]: existingNetwork({
          endpoints: "{ kind: existing, securityGroups: [sg-0fffffffffffffff0] }",
        }),
      },
      "kind: existing, securityGroups",
      /network\.endpoints\.ids: found nothing, allowed: a value of type object/,
    ],
    [
      "an endpoint that is missing among those that exist",
      {
        [OWN_NETWORK.whole]: existingNetwork({
          endpoints:
            "{ kind: existing, ids: { dynamodb: vpce-0a0a0a0a, s3: vpce-0b0b0b0b, kms: vpce-0c0c0c0c }, securityGroups: [sg-0fffffffffffffff0] }",
        }),
      },
      "kind: existing, ids",
      /network\.endpoints\.ids\.secretsmanager: found nothing/,
    ],
    [
      "a text where an id belongs",
      { [OWN_NETWORK.whole]: existingNetwork().replace("vpc-0123456789abcdef0", "my-vpc") },
      "my-vpc",
      /network\.vpcId: found "my-vpc", allowed: an id such as vpc-0123456789abcdef0/,
    ],
  ])("%s", (_, changes, near, says) => {
    const file = configWith(changes);
    const problems = problemsOf(file);
    const found = problems.find((problem) => says.test(problem));
    expect(found, problems.join("\n")).toBeDefined();
    expect(found?.startsWith(`${file}:${lineOf(file, near)}: `), `${found} is at ${near}`).toBe(true);
  });

  // The URL parser reads all of these as an address of this machine, of instance metadata or of the private network.
  test.each([
    "http://127.0.0.1/mcp",
    "http://localhost/mcp",
    "http://localhost./mcp",
    "http://mcp.localhost/mcp",
    "http://2130706433/mcp",
    "http://0177.0.0.1/mcp",
    "http://0x7f.1/mcp",
    "http://169.254.169.254/latest",
    "http://169.254.169.254./latest",
    "http://0xa9fea9fe/latest",
    "http://[::1]/mcp",
    "http://[::ffff:169.254.169.254]/latest",
    "http://[fd00:ec2::254]/latest",
    "http://[fe80::1]/mcp",
    "http://[64:ff9b::a9fe:a9fe]/latest",
    "http://0.0.0.0/mcp",
    "http://10.99.0.1/mcp",
  ])("the private server %s", (url) => {
    const problems = problemsOf(configWith({ [OPS]: OPS.replace("https://ops.internal.example.com/mcp", url) }));
    expect(problems).toEqual([expect.stringMatching(/gateway\.yaml:\d+: servers\[1\]\.url: found /)]);
  });

  test("the public server at a private address, unless it is configured there", () => {
    const at = (more: string) => configWith({ [OPS]: `https://10.20.0.9/mcp\n    network: public${more}` });
    expect(problemsOf(at(""))).toEqual([expect.stringMatching(/servers\[1\]\.url: .*it is a private address$/)]);
    expect(problemsOf(at("\n    addresses: [10.20.0.0/24]"))).toEqual([]);
  });
});

test("nothing that is deployed lets servers be on the function's own machine", () => {
  const gateway = gatewayWith({});
  const told = Object.values(resourcesOf(gateway, "AWS::Lambda::Function")).map(({ Properties }) =>
    JSON.stringify(Properties.Environment ?? {}),
  );
  expect(told.length).toBeGreaterThan(5);
  for (const environment of told) expect(environment).not.toContain("LOOPBACK_SERVERS");
});
