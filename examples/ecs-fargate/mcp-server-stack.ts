import { Annotations, Duration, RemovalPolicy, Stack, type StackProps, Validations } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { type ISubnet, type IVpc, Peer, Port, SecurityGroup, Subnet, Vpc } from "aws-cdk-lib/aws-ec2";
import { Repository } from "aws-cdk-lib/aws-ecr";
import {
  AwsLogDriver,
  Cluster,
  ContainerImage,
  ContainerInsights,
  Secret as ContainerSecret,
  FargateService,
  FargateTaskDefinition,
} from "aws-cdk-lib/aws-ecs";
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  DesyncMitigationMode,
  SslPolicy,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { ARecord, PrivateHostedZone, RecordTarget } from "aws-cdk-lib/aws-route53";
import { LoadBalancerTarget } from "aws-cdk-lib/aws-route53-targets";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";

export interface McpServerStackProps extends StackProps {
  readonly vpcId: string;
  /** Private subnets for load balancer and tasks, in two zones at least, not those of the gateway. */
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
  /** The group of the gateway's functions: output `NetworkGatewayGroupId…` of `CountersignGateway`. */
  readonly gatewayGroupId: string;
  /** Private zone that is made for the server, such as `mcp.internal.example.com`; its root is the server. */
  readonly hostName: string;
  /** ACM certificate of `hostName`: a public one proven by DNS, or one of a private authority (`servers[].ca`). */
  readonly certificateArn: string;
  /** ECR repository, of this account and region, of an MCP server that speaks streamable HTTP. */
  readonly repository: string;
  /** Its image: `sha256:…`. A tag could be moved to another. */
  readonly digest: string;
  /** Port it listens on. */
  readonly port: number;
  /** Path that answers 200 while it is well; not the MCP endpoint, which answers 4xx to what is no MCP. */
  readonly healthPath: string;
  /** Secret that the gateway sends (`servers[].credential`) and the server compares, as the variable `MCP_TOKEN`. */
  readonly secretName: string;
}

/** An MCP server on ECS Fargate behind an internal load balancer that nobody reaches but the gateway. */
export class McpServerStack extends Stack {
  constructor(scope: Construct, id: string, props: McpServerStackProps) {
    super(scope, id, props);
    const availabilityZones = [...new Set(props.subnets.map(({ zone }) => zone))];
    const vpc = Vpc.fromVpcAttributes(this, "Vpc", { vpcId: props.vpcId, availabilityZones });
    const subnets = props.subnets.map(({ id: subnetId, zone }) => {
      const subnet = Subnet.fromSubnetAttributes(this, subnetId, { subnetId, availabilityZone: zone });
      Annotations.of(subnet).acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId", "No route is added here.");
      return subnet;
    });

    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc, description, allowAllOutbound: false });
    const front = group("FrontGroup", "MCP server: load balancer");
    const tasks = group("TaskGroup", "MCP server: tasks");
    // The way is one: gateway, load balancer, task.
    front.addIngressRule(Peer.securityGroupId(props.gatewayGroupId), Port.tcp(443), "the gateway, and nobody else");
    front.connections.allowTo(tasks, Port.tcp(props.port), "tasks");
    // Image, secret and log; narrow it to endpoints' groups where the network has them, and add what the server serves.
    tasks.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "registry, secrets, logs");

    const service = this.service(vpc, subnets, tasks, props);
    const balancer = this.balancer(vpc, subnets, front);
    const listener = balancer.addListener("Https", {
      port: 443,
      protocol: ApplicationProtocol.HTTPS,
      certificates: [Certificate.fromCertificateArn(this, "Certificate", props.certificateArn)],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
      open: false,
    });
    listener.addTargets("Tasks", {
      port: props.port,
      protocol: ApplicationProtocol.HTTP,
      targets: [service],
      healthCheck: { path: props.healthPath },
      // Calls that run when a task goes are let finish.
      deregistrationDelay: Duration.minutes(5),
    });
    const zone = new PrivateHostedZone(this, "Zone", { vpc, zoneName: props.hostName });
    new ARecord(this, "Record", { zone, target: RecordTarget.fromAlias(new LoadBalancerTarget(balancer)) });
  }

  private service(vpc: IVpc, subnets: ISubnet[], group: SecurityGroup, props: McpServerStackProps): FargateService {
    const key = new Key(this, "LogKey", { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
    key.grantEncryptDecrypt(new ServicePrincipal(`logs.${this.region}.amazonaws.com`));
    const logGroup = new LogGroup(this, "Log", {
      encryptionKey: key,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const definition = new FargateTaskDefinition(this, "Task", { cpu: 256, memoryLimitMiB: 512 });
    definition.addContainer("mcp", {
      image: ContainerImage.fromEcrRepository(
        Repository.fromRepositoryName(this, "Repository", props.repository),
        props.digest,
      ),
      portMappings: [{ containerPort: props.port }],
      secrets: {
        MCP_TOKEN: ContainerSecret.fromSecretsManager(Secret.fromSecretNameV2(this, "Token", props.secretName)),
      },
      logging: new AwsLogDriver({ streamPrefix: "mcp", logGroup }),
      readonlyRootFilesystem: true,
      user: "1000",
    });
    Validations.of(definition).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "ecr:GetAuthorizationToken, which pulls the image, knows no resources to name.",
    });
    Validations.of(definition).acknowledge({
      id: "NIST.800.53.R5-IAMNoInlinePolicy",
      reason: "CDK writes the execution role's rights (one secret, one log group) into the role that alone has them.",
    });
    return new FargateService(this, "Service", {
      cluster: new Cluster(this, "Cluster", { vpc, containerInsightsV2: ContainerInsights.ENABLED }),
      taskDefinition: definition,
      vpcSubnets: { subnets },
      securityGroups: [group],
      desiredCount: 2,
      minHealthyPercent: 100,
      assignPublicIp: false,
      circuitBreaker: { rollback: true },
    });
  }

  private balancer(vpc: IVpc, subnets: ISubnet[], securityGroup: SecurityGroup): ApplicationLoadBalancer {
    const balancer = new ApplicationLoadBalancer(this, "Balancer", {
      vpc,
      vpcSubnets: { subnets },
      internetFacing: false,
      securityGroup,
      // Longer than `limits.callTimeout`: a call that waits must not be cut by what stands between.
      idleTimeout: Duration.minutes(15),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      deletionProtection: true,
    });
    const logs = new Bucket(this, "BalancerLogs", {
      // Load balancers write under no other encryption.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    balancer.logAccessLogs(logs);
    for (const id of [
      "AwsSolutions-S1",
      "NIST.800.53.R5-S3BucketLoggingEnabled",
      "NIST.800.53.R5-S3BucketReplicationEnabled",
      "NIST.800.53.R5-S3DefaultEncryptionKMS",
    ])
      Validations.of(logs).acknowledge({
        id,
        reason:
          "It is itself the bucket for access logs, which load balancers write under S3's own key only; the evidence of calls is the gateway's.",
      });
    Validations.of(balancer).acknowledge({
      id: "NIST.800.53.R5-ALBWAFEnabled",
      reason:
        "It is internal and its group lets in the gateway alone, which has a firewall in front and reads every message.",
    });
    return balancer;
  }
}
