import { RemovalPolicy } from "aws-cdk-lib";
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
} from "aws-cdk-lib/aws-ec2";
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge, acknowledgeFindings } from "../acknowledge.ts";
import { PLAIN_PATH } from "../constants.ts";

/** A network without a way out: isolated subnets in two zones, endpoints for the services that the gateway calls, no NAT. */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly gatewayGroup: ISecurityGroup;

  constructor(scope: Construct, id: string, { logKey }: { readonly logKey: IKey }) {
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
    this.gatewayGroup = new SecurityGroup(this, "GatewayGroup", {
      vpc: this.vpc,
      description: "Countersign: the gateway function",
      allowAllOutbound: false,
    });
    this.gatewayGroup.connections.allowTo(endpoints, Port.tcp(443), "interface endpoints");
    // Servers in this network are reached over TLS; gateway endpoints have public addresses and are only reachable by their own routes.
    this.gatewayGroup.connections.allowTo(
      Peer.anyIpv4(),
      Port.tcp(443),
      "private servers and gateway endpoints; no route leads out of the VPC",
    );

    const subnets = { subnets: this.vpc.isolatedSubnets };
    this.vpc.addGatewayEndpoint("DynamoDb", { service: GatewayVpcEndpointAwsService.DYNAMODB, subnets: [subnets] });
    this.vpc.addGatewayEndpoint("S3", { service: GatewayVpcEndpointAwsService.S3, subnets: [subnets] });
    for (const [name, service] of Object.entries({
      Kms: InterfaceVpcEndpointAwsService.KMS,
      Secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    }))
      this.vpc.addInterfaceEndpoint(name, {
        service,
        subnets,
        securityGroups: [endpoints],
        privateDnsEnabled: true,
        open: false,
      });
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
