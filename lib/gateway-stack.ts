import { Aws, CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { Schedule } from "aws-cdk-lib/aws-events";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, S3OnFailureDestination, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { RUN_MINUTES } from "../lambdas/reconciler/plan.ts";
import type { Settings } from "./config/settings.ts";
import { AUDIT_PATH, DIGESTER_PATH, HOLDER_PATH, PLAIN_PATH, WRITER_PATH } from "./constants.ts";
import { Alarms } from "./constructs/alarms.ts";
import { ApprovalFlow } from "./constructs/approval-flow.ts";
import { Dashboard } from "./constructs/dashboard.ts";
import { dataPath } from "./constructs/data-path.ts";
import { DeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { EncryptionKey } from "./constructs/encryption-key.ts";
import { ExportBus } from "./constructs/export-bus.ts";
import { functionEnvironment } from "./constructs/function-environment.ts";
import { GatewayApi } from "./constructs/gateway-api.ts";
import { GatewayFunction } from "./constructs/gateway-function.ts";
import { federationRights, grants, minterRights } from "./constructs/grants.ts";
import { LeaverBus } from "./constructs/leaver-bus.ts";
import { minter } from "./constructs/minter.ts";
import { Network } from "./constructs/network.ts";
import { Observation } from "./constructs/observation.ts";
import { RefusalLogs } from "./constructs/refusal-logs.ts";
import { RegularRun } from "./constructs/regular-run.ts";
import { SamlIdentity } from "./constructs/saml-identity.ts";
import { ToolChangeNotice } from "./constructs/tool-change-notice.ts";
import type { EvidenceStack } from "./evidence-stack.ts";

export interface GatewayStackProps extends StackProps {
  readonly settings: Settings;
  /** Where the same settings lie as a file, for the bundles. */
  readonly settingsFile: string;
  readonly evidence: EvidenceStack;
}

/** Everything that can be made anew: network, API, functions, the approval flow. */
export class GatewayStack extends Stack {
  constructor(scope: Construct, id: string, { settings, settingsFile, evidence, ...props }: GatewayStackProps) {
    super(scope, id, props);
    const { config } = settings;
    const logKey = new EncryptionKey(this, "LogKey", {
      description: "Countersign: logs, topics and queues",
      removable: true,
    });
    logKey.grantEncryptDecrypt(new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`));
    const deadLetters = new DeadLetterQueue(this, "DeadLetters", { key: logKey, fromServices: true });

    const topics = new Map(
      config.approverGroups.map((group) => [group.name, this.topic(group.name, group.emails, logKey, deadLetters)]),
    );
    const flow = new ApprovalFlow(this, "ApprovalFlow", {
      approvals: evidence.approvals,
      tableKey: evidence.tableKey,
      topics: [...topics.values()],
      topicKey: logKey,
      logKey,
    });
    const exported = new ExportBus(this, "Export", { key: logKey });
    const observation = new Observation(this, "Observation", { key: logKey, deadLetters });
    const shared = { settingsFile, logKey, deadLetters };
    const identity = SamlIdentity.where(this, "Saml", { ...shared, config, statements: federationRights(logKey) });
    const outside = minter(this, {
      ...shared,
      environment: identity?.environment ?? {},
      servers: config.servers,
      statements: minterRights(config.servers, logKey),
    });
    const environment = functionEnvironment(
      evidence,
      flow.stateMachine.stateMachineArn,
      topics,
      exported.bus.eventBusArn,
      outside?.function.functionName,
    );
    const rights = grants(evidence, {
      logKey,
      stateMachineArn: flow.stateMachine.stateMachineArn,
      topicArns: [...topics.values()].map((topic) => topic.topicArn),
      servers: config.servers,
      minterArn: outside?.function.functionArn,
      exported,
      observed: observation.queue,
      revealAsks: config.reveal != null,
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
        ...shared,
        environment: { ...environment[service], ...identity?.environment },
        statements: rights[name] ?? rights[service] ?? [],
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
    const refusals = make("Refusals", "refusals", "Counts and records who was refused", {
      timeout: Duration.minutes(1),
      memorySize: 256,
      reserved: 2,
    });
    const inside = config.servers.filter((server) => server.network === "private");
    const network =
      inside.length > 0 && config.network
        ? new Network(this, "Network", {
            config: config.network,
            logKey,
            rights: rights.GatewayPrivate ?? [],
            servers: inside,
          })
        : undefined;
    const mcp = dataPath({ servers: config.servers, network, make });

    const approvals = make("Approvals", "approvals", "The approvers' API", {});
    const audit = make("Audit", "audit", "The auditors' API; the only one that opens seals", {});
    const site = make("Site", "site", "Console and protected-resource metadata; has no rights", { withConsole: true });
    const leaver = make("Leaver", "leaver", "Blocks who left, as the identity provider says", {
      timeout: Duration.minutes(1),
      reserved: 2,
    });
    const leavers = new LeaverBus(this, "Leavers", { key: logKey, leaver: leaver.function, deadLetters });
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
      followsLedger: true,
    });

    const exporter = make("Exporter", "exporter", "Tells the ledger to a SIEM, and of what was changed in it", {
      timeout: Duration.minutes(1),
      memorySize: 256,
      reserved: 10,
      followsLedger: true,
    });
    const observer = observation.feed(
      make("Observer", "observer", "Records what CloudTrail tells of the evidence", observation.own),
    );
    const reconciler = make("Reconciler", "reconciler", "Says which calls have no outcome", {
      timeout: Duration.minutes(10),
      memorySize: 1024,
      reserved: 1,
    });
    const holder = make("Holder", "holder", "Each quarter of an hour: puts and lifts legal holds", {
      timeout: Duration.minutes(14),
      memorySize: 512,
      reserved: 1,
    });
    const compactor = make("Compactor", "compactor", "Each day: has Athena write a day of the archive into Parquet", {
      timeout: Duration.minutes(15),
      memorySize: 256,
      reserved: 1,
    });
    const digester = make("Digester", "digester", "Each hour: seals what was archived, and checks it", {
      timeout: Duration.minutes(15),
      memorySize: 1024,
      reserved: 1,
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
        // Each object is two PUTs, two notes and a dozen reads that are paid for (docs/decisions/0018).
        maxBatchingWindow: Duration.seconds(30),
        onFailure: new S3OnFailureDestination(evidence.unarchived),
      }),
    );

    exporter.function.addEventSource(
      new DynamoEventSource(evidence.ledger, {
        ...consume,
        batchSize: 100,
        // Without it nearly every record is a run of its own (docs/cost.md).
        maxBatchingWindow: Duration.seconds(1),
        onFailure: new SqsDlq(exported.deadLetters),
      }),
    );

    // Each alarm of silence tells of events that do not come; the compactor has none, and runs once a day.
    new RegularRun(this, "SweeperSchedule", {
      description: "Runs Countersign's sweeper",
      schedule: Schedule.rate(Duration.minutes(1)),
      runs: sweeper,
      maxEventAge: Duration.minutes(1),
      deadLetters: null,
    });
    new RegularRun(this, "DigesterSchedule", {
      description: "Runs Countersign's digester, some minutes after the hour",
      schedule: Schedule.cron({ minute: "5" }),
      runs: digester,
      maxEventAge: Duration.minutes(30),
      deadLetters: null,
    });
    new RegularRun(this, "ReconcilerSchedule", {
      description: "Runs Countersign's reconciler",
      schedule: Schedule.cron({ minute: RUN_MINUTES.join() }),
      runs: reconciler,
      maxEventAge: Duration.minutes(15),
      deadLetters: null,
    });
    new RegularRun(this, "HolderSchedule", {
      description: "Runs Countersign's holder",
      schedule: Schedule.rate(Duration.minutes(15)),
      runs: holder,
      maxEventAge: Duration.minutes(15),
      deadLetters: null,
    });
    new RegularRun(this, "CompactorSchedule", {
      description: "Runs Countersign's compactor",
      schedule: Schedule.cron({ hour: "3", minute: "20" }),
      runs: compactor,
      maxEventAge: Duration.hours(1),
      deadLetters,
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
    new RefusalLogs(this, "RefusalLogs", {
      authorizer: authorizer.log,
      access: api.accessLog,
      recorder: refusals.function,
    });
    new CfnOutput(this, "ApiId", { value: api.api.restApiId });
    new CfnOutput(this, "LeaverBus", { value: leavers.bus.eventBusArn });
    new CfnOutput(this, "ExportBus", { value: exported.bus.eventBusArn });
    new CfnOutput(this, "ArchiverFunction", { value: archiver.function.functionName });
    new CfnOutput(this, "ApprovalStateMachine", { value: flow.stateMachine.stateMachineArn });
    topics.forEach((topic, group) => {
      new CfnOutput(this, `ApproverTopic-${group}`, { value: topic.topicArn });
    });

    const functions = [
      authorizer,
      refusals,
      ...mcp.functions,
      ...(outside === undefined ? [] : [outside]),
      ...(identity === undefined ? [] : [identity.federation]),
      approvals,
      leaver,
      audit,
      site,
      recorder,
      sweeper,
      archiver,
      exporter,
      observer,
      reconciler,
      holder,
      compactor,
      digester,
    ];
    observation.watch(
      evidence,
      [...functions, ...evidence.replicas].map(({ role }) => role),
    );
    const consumers = [recorder, archiver, exporter];
    new Dashboard(this, "Dashboard", { functions, consumers, dataPath: mcp.services, servers: config.servers });
    const alarms = new Alarms(this, "Alarms", {
      key: logKey,
      functions,
      consumers,
      dataPath: mcp.services,
      sweeper,
      reconciler,
      holder,
      replicationFailed: evidence.replicas.map(({ failed }) => failed),
      deadLetters,
      exportDeadLetters: exported.deadLetters,
      stateMachine: flow.stateMachine,
      serverErrors: (metric) => api.api.metricServerError(metric),
    });
    new ToolChangeNotice(this, "ToolChangeNotice", { exported, topic: alarms.topic, deadLetters });
    new CfnOutput(this, "AlarmTopic", { value: alarms.topic.topicArn });
  }

  private topic(group: string, emails: readonly string[], key: EncryptionKey, deadLetterQueue: IQueue): Topic {
    const topic = new Topic(this, `Topic-${group}`, {
      displayName: `Countersign ${group}`,
      masterKey: key,
      enforceSSL: true,
    });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email, { deadLetterQueue }));
    return topic;
  }
}

/** The path says what a role may do in the resource policies: append and sign, that and open seals, only sign, or neither. */
const rolePathOf = (service: string) => {
  if (service === "audit") return AUDIT_PATH;
  if (service === "digester") return DIGESTER_PATH;
  if (service === "holder") return HOLDER_PATH;
  // The archiver appends too: to the manifest, as its own rights say, and to nothing else.
  return [
    "gateway",
    "listener",
    "approvals",
    "leaver",
    "recorder",
    "refusals",
    "sweeper",
    "archiver",
    "exporter",
    "observer",
    "reconciler",
  ].includes(service)
    ? WRITER_PATH
    : PLAIN_PATH;
};
