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

/** Tells how much of something there is at this moment: a number, or seconds. */
export type Gauge = (name: MetricName, value: number, unit: "Count" | "Seconds") => void;

export function operatorGauge(serviceName: string): Gauge {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName });
  return (name, value, unit) => {
    metrics.addMetric(name, MetricUnit[unit], value);
    metrics.publishStoredMetrics();
  };
}

/** Tells how long a server took, in milliseconds; each server is a line of its own on the dashboard. */
export function serverTimes(name: MetricName): (server: string, milliseconds: number) => void {
  const ofServer = new Map<string, Metrics>();
  return (server, milliseconds) => {
    let metrics = ofServer.get(server);
    if (metrics === undefined) {
      // Powertools' one dimension, `service`, holds the server: its time is the same, whichever function measured it.
      metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: server });
      ofServer.set(server, metrics);
    }
    metrics.addMetric(name, MetricUnit.Milliseconds, milliseconds);
    metrics.publishStoredMetrics();
  };
}
