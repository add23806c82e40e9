import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiMetrics } from "../../lambdas/aws/api-metrics.ts";
import { clientOptions } from "../../lambdas/aws/clients.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { HOUR, hourOf } from "../../lambdas/domain/evidence/digest.ts";
import { hourCount } from "../../lambdas/reconciler/compare-hour.ts";
import { lookThrough } from "../../lambdas/reconciler/look-through.ts";
import { localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { makeLedger } from "../support/tables.ts";

const START = hourOf(Date.now()) - 3 * HOUR;
let moto: Moto;
let environment: Record<string, string>;

beforeAll(async () => {
  moto = await startMoto();
  environment = { AWS_ENDPOINT_URL: moto.url, AWS_REGION: "us-east-1", LEDGER_TABLE: "ledger" };
  const aws = localAws(moto.url);
  await aws.s3.send(new CreateBucketCommand({ Bucket: "masked" }));
  await makeLedger(aws);
}, 60_000);
afterAll(() => moto?.stop());

/** What API Gateway would have counted. */
async function counted(name: string, resource: string, at: number, value: number, api = "countersign") {
  const Dimensions = [
    { Name: "ApiName", Value: api },
    { Name: "Stage", Value: "live" },
    { Name: "Resource", Value: resource },
    { Name: "Method", Value: "POST" },
  ];
  await new CloudWatchClient(clientOptions(environment, "CLOUDWATCH")).send(
    new PutMetricDataCommand({
      Namespace: "AWS/ApiGateway",
      MetricData: [{ MetricName: name, Dimensions, Timestamp: new Date(at), Value: value, Unit: "Count" }],
    }),
  );
}

async function archived(key: string, records: readonly (readonly [seq: number, at: number, request: string])[]) {
  const lines = records.map(([seq, at, requestId]) =>
    JSON.stringify({
      id: `r${seq}`,
      recordedAt: new Date(at).toISOString(),
      writer: { id: "w", seq, previous: "" },
      source: { ip: "", userAgent: "", requestId },
    }),
  );
  const stored = await vault(environment, "masked").put(key, `${lines.join("\n")}\n`);
  const entry = { key, records: lines.length, root: "", masked: stored, sealed: stored, writers: [] };
  await manifest(environment).note(entry, records[0]?.[1] ?? 0);
}

async function compared() {
  const count = hourCount(START);
  await lookThrough([count], { manifest: manifest(environment), vault: vault(environment, "masked") });
  return count.compared(apiMetrics(environment));
}

test("an hour in which everything served was recorded, and everything numbered archived, differs in nothing", async () => {
  await archived("transcripts/one.jsonl.gz", [
    [0, START + 1000, "a"],
    [1, START + 2000, "a"],
    [2, START + 3000, "b"],
  ]);
  await counted("Count", "/mcp/ops", START + 1000, 3);
  await counted("Count", "/mcp/everything", START + 5000, 1);
  // Refused requests leave a record by another way, bounded under flood; other paths and APIs are none of this.
  await counted("4XXError", "/mcp/ops", START + 1000, 2);
  await counted("Count", "/console", START + 1000, 40);
  await counted("Count", "/mcp/ops", START + 1000, 7, "another-api");
  await counted("Count", "/mcp/ops", START - 1000, 9);
  expect(await compared()).toEqual({
    hour: new Date(START).toISOString(),
    served: 2,
    recorded: 2,
    records: 3,
    archived: 3,
    missingRequests: 0,
    missingRecords: 0,
  });
});

test("a request without a record, and a number that was never archived, are missed", async () => {
  await counted("Count", "/mcp/ops", START + 60_000, 1);
  await archived("transcripts/two.jsonl.gz", [[4, START + 4000, "b"]]);
  expect(await compared()).toMatchObject({ served: 3, recorded: 2, missingRequests: 1, missingRecords: 1 });
  // It arrives late.
  await archived("transcripts/three.jsonl.gz", [[3, START + 3500, "c"]]);
  expect(await compared()).toMatchObject({ missingRequests: 0, missingRecords: 0 });
});
