import { Duration } from "aws-cdk-lib";
import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Metric,
  PeriodOverride,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { EVERY_SERVICE, METRIC, METRIC_NAMESPACE, type MetricName } from "../../lambdas/metric-names.ts";
import type { GatewayFunction } from "./gateway-function.ts";

export interface DashboardProps {
  /** Every function; their errors and throttles are shown. */
  readonly functions: readonly GatewayFunction[];
  /** The services of the data path, under whose names it counts. */
  readonly dataPath: readonly string[];
  readonly servers: readonly { readonly name: string }[];
  /** The functions that follow a stream. */
  readonly consumers: readonly GatewayFunction[];
}

/** What an operator looks at: the same metrics that the alarms watch, and how they came about. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { functions, dataPath, servers, consumers }: DashboardProps) {
    super(scope, id);
    const own = (metricName: MetricName, service: string, statistic: string, label: string, period = MINUTES) =>
      new Metric({
        namespace: METRIC_NAMESPACE,
        metricName,
        dimensionsMap: { service },
        statistic,
        label,
        period,
      });
    const counted = (name: MetricName, service: string, label: string) => own(name, service, "Sum", label);
    const ofDataPath = (name: MetricName, label: string) =>
      dataPath.map((service) => counted(name, service, dataPath.length > 1 ? `${label} (${service})` : label));

    new CloudWatchDashboard(this, "Dashboard", {
      // The period of each metric is meant as it is: hours of digests, five minutes of calls.
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [text("# Countersign\nAlarms name their remedy: docs/runbook.md.")],
        [
          graph("Calls", ofDataPath(METRIC.allowed, "allowed"), [
            ...ofDataPath(METRIC.granted, "under a grant"),
            ...ofDataPath(METRIC.approvedByPolicy, "approved by policy"),
            ...ofDataPath(METRIC.held, "need approval"),
            counted(METRIC.notHeld, "gateway", "of them not held: no place is free"),
            ...ofDataPath(METRIC.breakGlassUsed, "break-glass"),
          ]),
          graph("Denials", ofDataPath(METRIC.denied, "denied"), [
            ...ofDataPath(METRIC.overused, "of them over a usage limit"),
            counted(METRIC.accessRefused, "refusals", "401 and 403"),
            ...ofDataPath(METRIC.approvalsRefused, "approvals refused"),
          ]),
        ],
        [
          graph(
            "Approvals waiting",
            [own(METRIC.approvalsWaiting, "sweeper", "Maximum", "waiting")],
            [counted(METRIC.approvalsUnanswered, "recorder", "ended unanswered")],
          ),
          graph("Age of the oldest approval (s)", [own(METRIC.approvalAge, "sweeper", "Maximum", "oldest")]),
        ],
        [
          graph(
            "Errors",
            functions.map(({ function: code, node }) => code.metricErrors({ period: MINUTES, label: node.id })),
            [counted(METRIC.failed, EVERY_SERVICE, "answered with a failure of our own")],
          ),
          graph(
            "Throttles",
            functions.map(({ function: code, node }) => code.metricThrottles({ period: MINUTES, label: node.id })),
          ),
        ],
        [
          graph(
            "Evidence that could not be written",
            [counted(METRIC.notRecorded, EVERY_SERVICE, "not written")],
            [
              counted(METRIC.callsUnresolved, "reconciler", "calls without an outcome"),
              counted(METRIC.ledgerTampered, "exporter", "ledger changed"),
              counted(METRIC.evidenceAltered, "digester", "vaults altered"),
            ],
          ),
          graph(
            "Archive lag: age of the oldest change that waits (ms)",
            consumers.map(({ function: code, node }) =>
              code.metric("IteratorAge", { statistic: "Maximum", period: MINUTES, label: node.id }),
            ),
          ),
        ],
        [
          graph(
            "Digest age (s)",
            [own(METRIC.digestAge, "digester", "Maximum", "since the end of the last sealed hour", HOUR)],
            [own(METRIC.digestsWritten, "digester", "Sum", "digests written", HOUR)],
          ),
          graph(
            "Servers: time until an answer begins, p50 and p99 (ms)",
            servers.flatMap(({ name }) =>
              ["p50", "p99"].map((statistic) => own(METRIC.serverTime, name, statistic, `${name} ${statistic}`)),
            ),
          ),
        ],
      ],
    });
  }
}

const MINUTES = Duration.minutes(5);
const HOUR = Duration.hours(1);

/** Two of them stand side by side. */
const graph = (title: string, left: readonly IMetric[], right: readonly IMetric[] = []) =>
  new GraphWidget({ title, left: [...left], right: [...right], width: 12, height: 6 });

const text = (markdown: string) => new TextWidget({ markdown, width: 24, height: 2 });
