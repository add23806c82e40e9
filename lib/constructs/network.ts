import { Annotations, CfnOutput } from "aws-cdk-lib";
import {
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  Subnet,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { endpointServices } from "../config/endpoint-services.ts";
import type { ExistingNetwork, NetworkConfig, OwnNetwork } from "../config/network.ts";
import type { ServerConfig } from "../config/schema.ts";
import { Endpoints } from "./endpoints.ts";
import { ownVpc } from "./own-vpc.ts";

export interface NetworkProps {
  readonly config: NetworkConfig;
  readonly logKey: IKey;
  /** What the data path may do: the endpoints let through nothing else. */
  readonly rights: readonly PolicyStatement[];
  /** The servers that are reached from here: the functions are let out to these and to the endpoints. */
  readonly servers: readonly ServerConfig[];
}

/** Where private servers are reached: a network without a way out that is made here, or one that exists, by its ids. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  /** Of the functions that speak MCP. */
  readonly dataPathGroup: ISecurityGroup;

  constructor(scope: Construct, id: string, { config, logKey, rights, servers }: NetworkProps) {
    super(scope, id);
    const place = config.kind === "own" ? ownPlace(this, config, logKey) : existingPlace(this, config);
    this.vpc = place.vpc;
    this.subnets = place.subnets;

    // A group that is given keeps its own rules: those below are for one that is made here.
    this.dataPathGroup = place.securityGroup ?? this.group("GatewayGroup", "Countersign: the functions that speak MCP");
    letOutTo(this.dataPathGroup, servers, config.prefixLists);
    if (place.endpointGroups === undefined) this.ownEndpoints(rights, servers);
    for (const group of place.endpointGroups ?? [])
      this.dataPathGroup.addEgressRule(Peer.securityGroupId(group), Port.tcp(443), "interface endpoints");

    new CfnOutput(this, "GatewayGroupId", {
      value: this.dataPathGroup.securityGroupId,
      description: "What your servers' security groups let in",
    });
    new CfnOutput(this, "VpcId", { value: this.vpc.vpcId });
    new CfnOutput(this, "SubnetIds", { value: this.subnets.map(({ subnetId }) => subnetId).join(",") });
  }

  private ownEndpoints(rights: readonly PolicyStatement[], servers: readonly ServerConfig[]): void {
    const { vpc, subnets } = this;
    const securityGroup = this.group("EndpointGroup", "Countersign: interface endpoints");
    this.dataPathGroup.connections.allowTo(securityGroup, Port.tcp(443), "interface endpoints");
    new Endpoints(this, "Endpoints", { vpc, subnets, services: endpointServices(servers), rights, securityGroup });
  }

  private group(id: string, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }
}

/** What is there before the functions are. */
interface Place {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  /** A group of the adopter's for the functions. */
  readonly securityGroup?: ISecurityGroup;
  /** Groups of interface endpoints that exist; undefined where the endpoints are yet to be made. */
  readonly endpointGroups?: readonly string[];
}

function ownPlace(scope: Construct, { cidr }: OwnNetwork, logKey: IKey): Place {
  const vpc = ownVpc(scope, { cidr, logKey });
  return { vpc, subnets: vpc.isolatedSubnets };
}

/** A network by its ids: nothing is looked up, so that synth needs no account and says the same each time. */
function existingPlace(scope: Construct, { vpcId, subnets, securityGroup, endpoints }: ExistingNetwork): Place {
  const availabilityZones = [...new Set(subnets.map(({ zone }) => zone))];
  return {
    vpc: Vpc.fromVpcAttributes(scope, "Vpc", { vpcId, availabilityZones }),
    subnets: subnets.map((entry) => existingSubnet(scope, entry)),
    ...(securityGroup === null
      ? {}
      : { securityGroup: SecurityGroup.fromSecurityGroupId(scope, "GivenGroup", securityGroup, { mutable: false }) }),
    ...(endpoints.kind === "existing" ? { endpointGroups: endpoints.securityGroups } : {}),
  };
}

function existingSubnet(scope: Construct, { id, zone, routeTable }: ExistingNetwork["subnets"][number]): ISubnet {
  const place = { subnetId: id, availabilityZone: zone };
  if (routeTable !== null) return Subnet.fromSubnetAttributes(scope, id, { ...place, routeTableId: routeTable });
  const subnet = Subnet.fromSubnetAttributes(scope, id, place);
  Annotations.of(subnet).acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId", "No route is added to it.");
  return subnet;
}

/** Opens a group to the named servers at their ports, and to the addresses of DynamoDB and S3, which gateway endpoints keep. */
function letOutTo(
  group: ISecurityGroup,
  servers: readonly ServerConfig[],
  prefixLists: NetworkConfig["prefixLists"],
): void {
  const open = (peer: Parameters<ISecurityGroup["addEgressRule"]>[0], port: number, what: string) =>
    group.addEgressRule(peer, Port.tcp(port), what);
  if (prefixLists === null) open(Peer.anyIpv4(), 443, "gateway endpoints; no route leads out of this network");
  else
    for (const [service, list] of Object.entries(prefixLists))
      open(Peer.prefixList(list), 443, `${service}, by its endpoint`);
  const rules = servers.flatMap((server) =>
    portsOf(server).flatMap((port) => (server.addresses ?? []).map((address) => `${address} ${port}`)),
  );
  // Two servers behind one load balancer are one rule; EC2 refuses a rule that is there.
  for (const rule of new Set(rules)) {
    const [address = "", port] = rule.split(" ");
    open(peerOf(address), Number(port), "private servers");
  }
}

const peerOf = (address: string) => {
  if (address.startsWith("sg-")) return Peer.securityGroupId(address);
  return address.includes(":") ? Peer.ipv6(address) : Peer.ipv4(address);
};

/** Of the server, and of a token endpoint that is in the network too: it is expected at the same addresses. */
const portsOf = ({ url, credential }: ServerConfig): number[] => [
  portOf(url),
  ...("tokenNetwork" in credential && credential.tokenNetwork === "private" ? [portOf(credential.tokenEndpoint)] : []),
];

const portOf = (url: string) => {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
};
