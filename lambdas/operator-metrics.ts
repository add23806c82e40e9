import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { METRIC_NAMESPACE, type MetricName } from "./metric-names.ts";

/** Counts one occurrence of something, as a line that CloudWatch reads from the log (EMF): no call to any service. */
export type Count = (name: MetricName) => void;

export function operatorMetrics(serviceName: string): Count {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName });
  return (name) => {
    metrics.addMetric(name, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  };
}
