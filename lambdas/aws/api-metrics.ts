import { CloudWatchClient, GetMetricDataCommand, type Metric, paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import { API } from "../api-names.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** What API Gateway itself counted. */
export interface ApiMetrics {
  /** Requests on the MCP paths in the hour that begins at a time, which were answered with neither 4xx nor 5xx. */
  servedIn(hour: number): Promise<number>;
}

const NAMESPACE = "AWS/ApiGateway";
/** Only of these is it known that each left a record. */
const MCP_PATHS = "/mcp/";
/** Metrics that one question takes. */
const MOST = 500;

export function apiMetrics(environment: Environment): ApiMetrics {
  const client = new CloudWatchClient(clientOptions(environment, "CLOUDWATCH", 10_000));

  /** API Gateway counts by method and path, under names that hang on how the method is declared: they are asked for. */
  const onMcpPaths = async (MetricName: string): Promise<Metric[]> => {
    const Dimensions = [
      { Name: "ApiName", Value: API.name },
      { Name: "Stage", Value: API.stage },
    ];
    // Each once, whatever the pages say: what is asked twice would count twice.
    const metrics = new Map<string, Metric>();
    for await (const page of paginateListMetrics({ client }, { Namespace: NAMESPACE, MetricName, Dimensions }))
      for (const metric of page.Metrics ?? []) metrics.set(JSON.stringify(metric.Dimensions), metric);
    return [...metrics.values()].filter(({ Dimensions: of = [] }) =>
      of.some(({ Name, Value }) => Name === "Resource" && Value?.startsWith(MCP_PATHS)),
    );
  };

  const sumOf = async (name: string, hour: number): Promise<number> => {
    const metrics = await onMcpPaths(name);
    let sum = 0;
    for (let at = 0; at < metrics.length; at += MOST) {
      const MetricDataQueries = metrics.slice(at, at + MOST).map((Metric, number) => ({
        Id: `m${number}`,
        MetricStat: { Metric, Period: HOUR / 1000, Stat: "Sum" },
      }));
      const asked = { MetricDataQueries, StartTime: new Date(hour), EndTime: new Date(hour + HOUR) };
      for (let NextToken: string | undefined; ; ) {
        const page = await client.send(new GetMetricDataCommand({ ...asked, NextToken }));
        for (const { Values = [] } of page.MetricDataResults ?? []) for (const value of Values) sum += value;
        NextToken = page.NextToken;
        if (NextToken === undefined) break;
      }
    }
    return sum;
  };

  return {
    async servedIn(hour) {
      const [all, refused, failed] = await Promise.all(
        ["Count", "4XXError", "5XXError"].map((name) => sumOf(name, hour)),
      );
      return (all ?? 0) - (refused ?? 0) - (failed ?? 0);
    },
  };
}
