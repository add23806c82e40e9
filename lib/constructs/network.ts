import { Aws, RemovalPolicy } from "aws-cdk-lib";
import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
  type VpcEndpoint,
} from "aws-cdk-lib/aws-ec2";
import { AnyPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge, acknowledgeFindings } from "../acknowledge.ts";
import type { ServerConfig } from "../config/schema.ts";
import { PLAIN_PATH } from "../constants.ts";

export interface NetworkProps {
  readonly logKey: IKey;
  /** What the data path may do: the endpoints let through nothing else. */
  readonly rights: readonly PolicyStatement[];
  /** The servers that are reached from here; their ports are opened. */
  readonly servers: readonly ServerConfig[];
}

/** A network without a way out: isolated subnets in two zones, endpoints for the services that the data path calls, no NAT. */
export class Network extends Construct {
  readonly vpc: Vpc;
  /** Of the functions that speak MCP. */
  readonly dataPathGroup: ISecurityGroup;

  constructor(scope: Construct, id: string, { logKey, rights, servers }: NetworkProps) {
    super(scope, id);
    this.vpc = new Vpc(this, "Vpc", {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: "isolated", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      // The custom resource that empties the default group would need rights over every group; a flow log shows any use of it.
      restrictDefaultSecurityGroup: false,
    });
    acknowledge(
      this.vpc,
      ["NIST.800.53.R5-VPCDefaultSecurityGroupClosed"],
      "Nothing uses the default group, and closing it needs a custom resource with rights over groups. Every interface here names a group of its own.",
    );
    this.flowLogs(logKey);

    const endpoints = new SecurityGroup(this, "EndpointGroup", {
      vpc: this.vpc,
      description: "Countersign: interface endpoints",
      allowAllOutbound: false,
    });
    this.dataPathGroup = new SecurityGroup(this, "GatewayGroup", {
      vpc: this.vpc,
      description: "Countersign: the functions that speak MCP",
      allowAllOutbound: false,
    });
    this.dataPathGroup.connections.allowTo(endpoints, Port.tcp(443), "interface endpoints");
    // Gateway endpoints have public addresses, and servers may be in any peered network: only ports can be named here.
    for (const port of new Set([443, ...servers.map(portOf)]))
      this.dataPathGroup.connections.allowTo(
        Peer.anyIpv4(),
        Port.tcp(port),
        "private servers and gateway endpoints; no route leads out of the VPC",
      );

    const subnets = { subnets: this.vpc.isolatedSubnets };
    const gatewayEndpoints = {
      DynamoDb: ["dynamodb", GatewayVpcEndpointAwsService.DYNAMODB],
      S3: ["s3", GatewayVpcEndpointAwsService.S3],
    } as const;
    for (const [name, [prefix, service]] of Object.entries(gatewayEndpoints))
      letThrough(prefix, rights, this.vpc.addGatewayEndpoint(name, { service, subnets: [subnets] }));
    const interfaceEndpoints = {
      Kms: ["kms", InterfaceVpcEndpointAwsService.KMS],
      Secrets: ["secretsmanager", InterfaceVpcEndpointAwsService.SECRETS_MANAGER],
    } as const;
    for (const [name, [prefix, service]] of Object.entries(interfaceEndpoints))
      letThrough(
        prefix,
        rights,
        this.vpc.addInterfaceEndpoint(name, {
          service,
          subnets,
          securityGroups: [endpoints],
          privateDnsEnabled: true,
          // The data path's group is let in above, and nothing else.
          open: false,
        }),
      );
  }

  private flowLogs(logKey: IKey): void {
    const logGroup = new LogGroup(this, "FlowLog", {
      encryptionKey: logKey,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = new Role(this, "FlowLogRole", {
      assumedBy: new ServicePrincipal("vpc-flow-logs.amazonaws.com"),
      path: PLAIN_PATH,
    });
    const policy = new ManagedPolicy(this, "FlowLogPolicy", {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          resources: [`${logGroup.logGroupArn}:*`],
        }),
      ],
    });
    acknowledgeFindings(policy, "AwsSolutions-IAM5", /\.Arn>:\*$/, "Log streams of a flow log are named by EC2.");
    this.vpc.addFlowLog("Flows", {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup, role.withoutPolicyUpdates()),
    });
  }
}

/** An endpoint's policy: the data path's own rights in that service, for this account's principals, so that no foreign credentials leave by it. */
function letThrough(service: string, rights: readonly PolicyStatement[], endpoint: VpcEndpoint): void {
  for (const { actions, resources } of rights)
    if (actions.every((action) => action.startsWith(`${service}:`)))
      endpoint.addToPolicy(
        new PolicyStatement({
          principals: [new AnyPrincipal()],
          actions,
          resources,
          conditions: { StringEquals: { "aws:PrincipalAccount": Aws.ACCOUNT_ID } },
        }),
      );
}

const portOf = ({ url }: ServerConfig) => {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
};
