import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  Metric,
  type MetricOptions,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { EVERY_SERVICE, METRIC, METRIC_NAMESPACE, type MetricName } from "../../lambdas/metric-names.ts";
import type { GatewayFunction } from "./gateway-function.ts";

export interface AlarmsProps {
  readonly key: IKey;
  readonly functions: readonly GatewayFunction[];
  /** The functions that follow a stream. */
  readonly consumers: readonly GatewayFunction[];
  /** The services of the data path, under whose names it counts tools that have changed. */
  readonly dataPath: readonly string[];
  /** The function that runs each minute. */
  readonly sweeper: GatewayFunction;
  /** The function that runs each quarter of an hour. */
  readonly reconciler: GatewayFunction;
  /** The function that sees to legal holds each quarter of an hour. */
  readonly holder: GatewayFunction;
  /** Objects that could not be copied to another account or region, by vault. */
  readonly replicationFailed: readonly IMetric[];
  readonly deadLetters: IQueue;
  readonly exportDeadLetters: IQueue;
  readonly stateMachine: StateMachine;
  /** Requests that the API answered with 5xx. */
  readonly serverErrors: (props: MetricOptions) => Metric;
}

/** Age of a stream's oldest record at which evidence counts as late; the stream itself forgets after a day. */
const LATE = Duration.minutes(15);

const AUTHORIZER = "Authorizer";

/** What wakes an operator. Every alarm says in which section of the runbook its remedy stands. */
export class Alarms extends Construct {
  /** Operators subscribe to it; it has no subscription of its own. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const {
      key,
      functions,
      consumers,
      dataPath,
      sweeper,
      reconciler,
      holder,
      replicationFailed,
      deadLetters,
      exportDeadLetters,
      stateMachine,
      serverErrors,
    } = props;
    this.topic = new Topic(this, "Topic", { displayName: "Countersign alarms", masterKey: key, enforceSSL: true });
    // Without this CloudWatch cannot publish to an encrypted topic, and says so nowhere.
    key.grantEncryptDecrypt(new ServicePrincipal("cloudwatch.amazonaws.com"));
    this.topic.grantPublish(new ServicePrincipal("cloudwatch.amazonaws.com"));

    const period = Duration.minutes(5);
    const own = (metricName: MetricName, service: string) =>
      new Metric({
        namespace: METRIC_NAMESPACE,
        metricName,
        dimensionsMap: { service },
        statistic: "Sum",
        period,
      });
    for (const { function: code, node } of functions) {
      // An authorizer says 401 by failing: its own count of failures takes the place of Lambda's.
      const errors =
        node.id === AUTHORIZER ? own(METRIC.authorizerFailed, "authorizer") : code.metricErrors({ period });
      this.alarm(`${node.id}Errors`, errors, 1, "function-errors");
      this.alarm(`${node.id}Throttles`, code.metricThrottles({ period }), 1, "function-throttled");
    }
    for (const { function: code, node } of consumers)
      this.alarm(
        `${node.id}Late`,
        code.metric("IteratorAge", { period, statistic: "Maximum" }),
        LATE.toMilliseconds(),
        "stream-late",
      );
    this.alarm(
      "DeadLetters",
      deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
      1,
      "dead-letters",
    );
    this.alarm(
      "ExportFailed",
      exportDeadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
      1,
      "export-failed",
    );
    // AU-5: a record that cannot be written wakes somebody, whichever function would have written it.
    this.alarm("EvidenceFailures", own(METRIC.notRecorded, EVERY_SERVICE), 1, "evidence-not-written");
    // Functions that answer requests catch what fails, and Lambda counts no error.
    this.alarm("RequestsFailed", own(METRIC.failed, EVERY_SERVICE), 1, "requests-failed");
    // An authorizer that does not come to count its own failure, by its time limit or before it begins, shows here alone.
    this.alarm("ServerErrors", serverErrors({ period, statistic: "Sum" }), 1, "server-errors");
    for (const service of dataPath)
      this.alarm(`ToolsChanged-${service}`, own(METRIC.toolsChanged, service), 1, "tools-changed");
    this.alarm("IssuerUnavailable", own(METRIC.issuerUnavailable, "authorizer"), 1, "issuer-unavailable");
    this.alarm("BreakGlass", own(METRIC.breakGlassUsed, "gateway"), 1, "break-glass-used");
    this.alarm("ApprovalsRefused", own(METRIC.approvalsRefused, "gateway"), 1, "approvals-refused");
    this.alarm("ApprovalsUnanswered", own(METRIC.approvalsUnanswered, "recorder"), 1, "approvals-unanswered");
    this.alarm("FlowsMended", own(METRIC.flowsMended, "sweeper"), 1, "approval-flow-mended");
    this.alarm("ApproversMissing", own(METRIC.approversMissing, "sweeper"), 1, "approvers-missing");
    const silence = {
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    };
    this.alarm("SweeperSilent", sweeper.function.metricInvocations({ period }), 1, "sweeper-silent", silence);
    const hourly = own(METRIC.digestsWritten, "digester").with({ period: Duration.hours(1) });
    this.alarm("DigestMissing", hourly, 1, "digest-missing", { ...silence, evaluationPeriods: 2 });
    this.alarm(
      "ReconcilerSilent",
      reconciler.function.metricInvocations({ period: Duration.hours(1) }),
      1,
      "reconciler-silent",
      silence,
    );
    this.alarm(
      "HolderSilent",
      holder.function.metricInvocations({ period: Duration.hours(1) }),
      1,
      "holder-silent",
      silence,
    );
    this.alarm("CallsUnresolved", own(METRIC.callsUnresolved, "reconciler"), 1, "calls-unresolved");
    this.alarm("RequestsUnrecorded", own(METRIC.requestsUnrecorded, "reconciler"), 1, "counts-differ");
    this.alarm("RecordsUnarchived", own(METRIC.recordsUnarchived, "reconciler"), 1, "counts-differ");
    this.alarm("SealUnexplained", own(METRIC.sealsUnexplained, "observer"), 1, "seal-unexplained");
    this.alarm("RoleUnexplained", own(METRIC.rolesUnexplained, "observer"), 1, "role-unexplained");
    this.alarm("LedgerTampered", own(METRIC.ledgerTampered, "exporter"), 1, "ledger-tampered");
    this.alarm("EvidenceAltered", own(METRIC.evidenceAltered, "digester"), 1, "evidence-altered");
    for (const [at, metric] of replicationFailed.entries())
      this.alarm(`ReplicationFailed-${at + 1}`, metric, 1, "replication-failed");
    this.alarm("ApprovalFlowFailed", stateMachine.metricFailed({ period }), 1, "approval-flow-failed");
  }

  private alarm(id: string, metric: IMetric, threshold: number, section: string, own: Partial<AlarmProps> = {}): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `What to do: docs/runbook.md#${section}`,
      ...own,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
