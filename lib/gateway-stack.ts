import { Aws, CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, S3OnFailureDestination, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import type { Settings } from "./config/settings.ts";
import { AUDIT_PATH, PLAIN_PATH, WRITER_PATH } from "./constants.ts";
import { Alarms } from "./constructs/alarms.ts";
import { ApprovalFlow } from "./constructs/approval-flow.ts";
import { dataPath } from "./constructs/data-path.ts";
import { EncryptionKey } from "./constructs/encryption-key.ts";
import { functionEnvironment } from "./constructs/function-environment.ts";
import { GatewayApi } from "./constructs/gateway-api.ts";
import { GatewayFunction } from "./constructs/gateway-function.ts";
import { grants } from "./constructs/grants.ts";
import { Network } from "./constructs/network.ts";
import type { EvidenceStack } from "./evidence-stack.ts";

export interface GatewayStackProps extends StackProps {
  readonly settings: Settings;
  /** Path of `gateway.yaml`, which the settings were built from. */
  readonly configFile: string;
  readonly evidence: EvidenceStack;
}

/** Everything that can be made anew: network, API, functions, the approval flow. */
export class GatewayStack extends Stack {
  constructor(scope: Construct, id: string, { settings, configFile, evidence, ...props }: GatewayStackProps) {
    super(scope, id, props);
    const { config } = settings;
    const logKey = new EncryptionKey(this, "LogKey", { description: "Countersign: logs, topics and queues" });
    logKey.grantEncryptDecrypt(new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`));

    const topics = new Map(
      config.approverGroups.map((group) => [group.name, this.topic(group.name, group.emails, logKey)]),
    );
    const flow = new ApprovalFlow(this, "ApprovalFlow", {
      approvals: evidence.approvals,
      tableKey: evidence.tableKey,
      topics: [...topics.values()],
      topicKey: logKey,
      logKey,
    });
    const deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: logKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(deadLetters, ["AwsSolutions-SQS3"], "It is itself the dead-letter queue.");

    const environment = functionEnvironment(evidence, flow.stateMachine.stateMachineArn, topics);
    const rights = grants(evidence, {
      logKey,
      stateMachineArn: flow.stateMachine.stateMachineArn,
      topicArns: [...topics.values()].map((topic) => topic.topicArn),
      servers: config.servers,
    });
    const make = (
      name: string,
      service: string,
      description: string,
      own: Partial<ConstructorParameters<typeof GatewayFunction>[2]>,
    ) =>
      new GatewayFunction(this, name, {
        service,
        description,
        configFile,
        logKey,
        deadLetters,
        environment: environment[service] ?? {},
        statements: rights[service] ?? [],
        rolePath: rolePathOf(service),
        timeout: Duration.seconds(29),
        memorySize: 512,
        reserved: 20,
        ...own,
      });

    const authorizer = make("Authorizer", "authorizer", "Ties a token to a principal", {
      timeout: Duration.seconds(10),
      reserved: 50,
    });
    const inside = config.servers.filter((server) => server.network === "private");
    const network =
      inside.length > 0
        ? new Network(this, "Network", { logKey, rights: rights.gateway ?? [], servers: inside })
        : undefined;
    const mcp = dataPath({ servers: config.servers, network, make });

    const approvals = make("Approvals", "approvals", "The approvers' API", {});
    const audit = make("Audit", "audit", "The auditors' API; the only one that opens seals", {});
    const site = make("Site", "site", "Console and protected-resource metadata; has no rights", { withConsole: true });
    const recorder = make("Recorder", "recorder", "Records approvals and starts their flow", {
      timeout: Duration.minutes(1),
      reserved: 10,
    });
    const sweeper = make("Sweeper", "sweeper", "Each minute: mends approvals, ends grants, sums up mails", {
      timeout: Duration.seconds(50),
      reserved: 1,
    });
    const archiver = make("Archiver", "archiver", "Writes the ledger to the vaults", {
      timeout: Duration.minutes(2),
      memorySize: 512,
      reserved: 10,
    });

    const consume = {
      startingPosition: StartingPosition.TRIM_HORIZON,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 20,
    };
    recorder.function.addEventSource(
      new DynamoEventSource(evidence.approvals, { ...consume, batchSize: 25, onFailure: new SqsDlq(deadLetters) }),
    );
    archiver.function.addEventSource(
      new DynamoEventSource(evidence.ledger, {
        ...consume,
        batchSize: 500,
        maxBatchingWindow: Duration.seconds(5),
        onFailure: new S3OnFailureDestination(evidence.unarchived),
      }),
    );

    // The next minute's run does what a failed one left: repeating it would only let two run at once.
    sweeper.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, "SweeperSchedule", {
      description: "Runs Countersign's sweeper",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper.function, { retryAttempts: 0 })],
    });

    const api = new GatewayApi(this, "Api", {
      config,
      logKey,
      authorizer: authorizer.function,
      mcp,
      approvals: approvals.function,
      audit: audit.function,
      site: site.function,
    });
    new CfnOutput(this, "ApiId", { value: api.api.restApiId });
    new CfnOutput(this, "ApprovalStateMachine", { value: flow.stateMachine.stateMachineArn });
    topics.forEach((topic, group) => {
      new CfnOutput(this, `ApproverTopic-${group}`, { value: topic.topicArn });
    });

    const alarms = new Alarms(this, "Alarms", {
      key: logKey,
      functions: [authorizer, ...mcp.functions, approvals, audit, site, recorder, sweeper, archiver],
      consumers: [recorder, archiver],
      dataPath: mcp.services,
      sweeper,
      deadLetters,
      stateMachine: flow.stateMachine,
    });
    new CfnOutput(this, "AlarmTopic", { value: alarms.topic.topicArn });
  }

  private topic(group: string, emails: readonly string[], key: EncryptionKey): Topic {
    const topic = new Topic(this, `Topic-${group}`, {
      displayName: `Countersign ${group}`,
      masterKey: key,
      enforceSSL: true,
    });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}

/** The path says what a role may do in the resource policies: append, append and open seals, or neither. */
const rolePathOf = (service: string) => {
  if (service === "audit") return AUDIT_PATH;
  return ["gateway", "listener", "approvals", "recorder", "sweeper"].includes(service) ? WRITER_PATH : PLAIN_PATH;
};
