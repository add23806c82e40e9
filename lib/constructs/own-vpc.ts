import { RemovalPolicy } from "aws-cdk-lib";
import { FlowLogDestination, IpAddresses, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { acknowledge, acknowledgeFindings } from "../acknowledge.ts";
import { PLAIN_PATH } from "../constants.ts";

/** Makes a network without a way out: isolated subnets in two zones, no NAT, flows logged for a year. */
export function ownVpc(scope: Construct, { cidr, logKey }: { readonly cidr: string; readonly logKey: IKey }): Vpc {
  const vpc = new Vpc(scope, "Vpc", {
    ipAddresses: IpAddresses.cidr(cidr),
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: "isolated", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    // The custom resource that empties the default group would need rights over every group; a flow log shows any use of it.
    restrictDefaultSecurityGroup: false,
  });
  acknowledge(
    vpc,
    ["NIST.800.53.R5-VPCDefaultSecurityGroupClosed"],
    "Nothing uses the default group, and closing it needs a custom resource with rights over groups. Every interface here names a group of its own.",
  );
  logFlows(scope, vpc, logKey);
  return vpc;
}

function logFlows(scope: Construct, vpc: Vpc, logKey: IKey): void {
  const logGroup = new LogGroup(scope, "FlowLog", {
    encryptionKey: logKey,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const role = new Role(scope, "FlowLogRole", {
    assumedBy: new ServicePrincipal("vpc-flow-logs.amazonaws.com"),
    path: PLAIN_PATH,
  });
  const policy = new ManagedPolicy(scope, "FlowLogPolicy", {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        resources: [`${logGroup.logGroupArn}:*`],
      }),
    ],
  });
  acknowledgeFindings(policy, "AwsSolutions-IAM5", /\.Arn>:\*$/, "Log streams of a flow log are named by EC2.");
  vpc.addFlowLog("Flows", {
    destination: FlowLogDestination.toCloudWatchLogs(logGroup, role.withoutPolicyUpdates()),
  });
}
