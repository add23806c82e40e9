import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, ISubnet, IVpc } from "aws-cdk-lib/aws-ec2";
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Architecture, LoggingFormat, Runtime, SystemLogLevel, Tracing } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ENV } from "../../lambdas/environment.ts";
import { acknowledge, acknowledgeFindings } from "../acknowledge.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

export interface GatewayFunctionProps {
  /** Folder under `lambdas/`, and the name the function goes by. */
  readonly service: string;
  readonly description: string;
  /** The validated settings, which are put beside the bundle. */
  readonly settingsFile: string;
  readonly logKey: IKey;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  /** IAM path of its role, by which the ledger's and the forensic key's own policies know it. */
  readonly rolePath: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  /** Concurrency kept for it, so that no other function can starve it. */
  readonly reserved: number;
  /** Where events of asynchronous calls end that failed for good. */
  readonly deadLetters: IQueue;
  /** @default outside any VPC */
  readonly network?: {
    readonly vpc: IVpc;
    readonly subnets: readonly ISubnet[];
    readonly securityGroup: ISecurityGroup;
  };
  /** Whether the ledger's stream is what calls it, several times a second. @default false */
  readonly followsLedger?: boolean;
  /** Whether the built console is put beside the bundle. */
  readonly withConsole?: boolean;
}

/** A function of the gateway: Node 24 on arm64, a role and a log of its own, and exactly the rights that are listed. */
export class GatewayFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    super(scope, id);
    const { service, network } = props;
    this.log = new LogGroup(this, "Log", {
      encryptionKey: props.logKey,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      path: props.rolePath,
      description: `Countersign: ${service}`,
    });
    const platform = new ManagedPolicy(this, "Platform", {
      roles: [this.role],
      statements: platformStatements(this.log, props),
    });
    acknowledgeFindings(platform, "AwsSolutions-IAM5", /^Resource::(\*|<\w+Log\w+\.Arn>:\*)$/, PLATFORM_WILDCARDS);
    const policies = [platform];
    if (props.statements.length > 0) {
      const rights = new ManagedPolicy(this, "Rights", { roles: [this.role], statements: [...props.statements] });
      policies.push(rights);
      acknowledgeFindings(
        rights,
        "AwsSolutions-IAM5",
        /^Resource::.+\/((bodies|digests|keys|transcripts)\/)?\*$/,
        "Objects are named by their content: the prefix is as narrow as it gets.",
      );
      if (service === "reconciler")
        acknowledgeFindings(
          rights,
          "AwsSolutions-IAM5",
          /^Resource::\*$/,
          "CloudWatch's metrics are no resources to name.",
        );
    }

    this.function = new NodejsFunction(this, "Function", {
      entry: join(PROJECT, "lambdas", service, "handler.ts"),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // The role carries everything; CDK must not add inline policies to it.
      role: this.role.withoutPolicyUpdates(),
      timeout: props.timeout,
      memorySize: props.memorySize,
      reservedConcurrentExecutions: props.reserved,
      // Nobody before it has decided whether a batch of a stream is traced, and Lambda's own rate cannot be set.
      tracing: props.followsLedger ? Tracing.PASS_THROUGH : Tracing.ACTIVE,
      logGroup: this.log,
      // Lines that are JSON already, as all of ours are, pass as they are. Lambda's own of each run (start, report) tell what
      // its metrics tell as well; those of WARN tell of runs that ended badly.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      deadLetterQueue: props.deadLetters,
      environment: {
        NODE_OPTIONS: "--enable-source-maps",
        AWS_LAMBDA_EXEC_WRAPPER: "/var/task/node-options.sh",
        [ENV.service]: service,
        ...props.environment,
      },
      ...(network === undefined
        ? {}
        : {
            vpc: network.vpc,
            vpcSubnets: { subnets: [...network.subnets] },
            securityGroups: [network.securityGroup],
          }),
      bundling: bundlingOf(props),
    });
    // Lambda tries the role's rights when a function or its event source is made: they must be there before.
    this.function.node.addDependency(...policies);
    if (props.followsLedger)
      acknowledge(
        this.function,
        ["Serverless-LambdaTracing"],
        "The ledger's stream calls it several times a second: each run would be a trace that is paid for and tells what its metrics tell.",
      );
    if (network === undefined)
      acknowledge(
        this.function,
        ["NIST.800.53.R5-LambdaInsideVPC", "CT.LAMBDA.PR.3"],
        "It reaches AWS services only, by their public endpoints over TLS with its own role; a VPC would add endpoints to pay for and nothing to protect.",
      );
  }
}

const PLATFORM_WILDCARDS =
  "X-Ray knows no resources to name, Lambda makes network interfaces whose ids nobody knows beforehand, and log streams are named by Lambda.";

/** Logs, traces, network interfaces and dead letters: what every function needs of its own. */
function platformStatements(
  logGroup: LogGroup,
  { network, deadLetters, followsLedger = false }: GatewayFunctionProps,
): PolicyStatement[] {
  const interfaces = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ];
  return [
    new PolicyStatement({
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [`${logGroup.logGroupArn}:*`],
    }),
    ...(followsLedger
      ? []
      : [new PolicyStatement({ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] })]),
    new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [deadLetters.queueArn] }),
    ...(network === undefined ? [] : [new PolicyStatement({ actions: interfaces, resources: ["*"] })]),
  ];
}

/** One ESM bundle with the validated settings beside it; what is not code is put there by a script. */
export function bundlingOf({
  settingsFile,
  withConsole = false,
}: Pick<GatewayFunctionProps, "settingsFile" | "withConsole">) {
  return {
    format: OutputFormat.ESM,
    target: "node24",
    minify: true,
    sourceMap: true,
    sourcesContent: false,
    mainFields: ["module", "main"],
    externalModules: ["@cedar-policy/cedar-wasm/nodejs", "libpg-query"],
    logLevel: "error" as never,
    // ESM has no `require`; some CommonJS packages still call it for Node's own modules.
    banner:
      'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    commandHooks: {
      beforeInstall: () => [],
      beforeBundling: () => [],
      afterBundling: (_input: string, output: string) => [
        [
          process.execPath,
          join(PROJECT, "lib/beside-bundle.ts"),
          output,
          settingsFile,
          ...(withConsole ? ["console"] : []),
        ]
          .map(quoted)
          .join(" "),
      ],
    },
  };
}

/** A word of a shell command. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
