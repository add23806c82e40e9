import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiMetrics } from "../../lambdas/aws/api-metrics.ts";
import { clientOptions } from "../../lambdas/aws/clients.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { partitionOf } from "../../lambdas/domain/evidence/archive-object.ts";
import { HOUR, hourOf } from "../../lambdas/domain/evidence/digest.ts";
import { hourCount } from "../../lambdas/reconciler/compare-hour.ts";
import { lookThrough } from "../../lambdas/reconciler/look-through.ts";
import { localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { makeLedger } from "../support/tables.ts";

const START = hourOf(Date.now()) - 3 * HOUR;
/** Minutes into the hour. */
const at = (minutes: number) => START + minutes * 60_000;
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

type Told = readonly [seq: number, at: number, request: string];
const writers = (records: readonly Told[]) => {
  const numbers = records.map(([seq]) => seq);
  return [{ id: "w", first: Math.min(...numbers), last: Math.max(...numbers), hash: "" }];
};
const keyOf = (name: string, records: readonly Told[]) => `${partitionOf(records[0]?.[1] ?? 0)}${name}.jsonl.gz`;

async function archived(name: string, records: readonly Told[]) {
  const key = keyOf(name, records);
  const lines = records.map(([seq, at, requestId]) =>
    JSON.stringify({
      id: `r${seq}`,
      type: "call.completed",
      outcome: "ok",
      recordedAt: new Date(at).toISOString(),
      writer: { id: "w", seq, previous: "" },
      source: { ip: "", userAgent: "", requestId },
    }),
  );
  const stored = await vault(environment, "masked").put(key, `${lines.join("\n")}\n`);
  const entry = { key, records: lines.length, root: "", masked: stored, sealed: stored, writers: writers(records) };
  await manifest(environment).note(entry, records[0]?.[1] ?? 0);
}

/** An object that the archiver began, and never wrote. */
async function begun(name: string, records: readonly Told[]) {
  const object = { key: keyOf(name, records), records: records.length, root: "", writers: writers(records) };
  await manifest(environment).begin(object, records[0]?.[1] ?? 0);
}

async function compared() {
  const count = hourCount(START);
  await lookThrough([count], { manifest: manifest(environment), vault: vault(environment, "masked") });
  return count.compared(apiMetrics(environment));
}

test("an hour in which everything served was recorded, and everything numbered archived, differs in nothing", async () => {
  await archived("one", [
    [0, at(1), "a"],
    [1, at(2), "a"],
    [2, at(3), "b"],
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
    atEdges: 0,
    records: 3,
    archived: 3,
    missingRequests: 0,
    missingRecords: 0,
  });
});

test("a request without a record, and a number that was never archived, are missed", async () => {
  await counted("Count", "/mcp/ops", START + 60_000, 1);
  await archived("two", [[4, at(5), "b"]]);
  expect(await compared()).toMatchObject({ served: 3, recorded: 2, missingRequests: 1, missingRecords: 1 });
  // It arrives late.
  await archived("three", [[3, at(4), "c"]]);
  expect(await compared()).toMatchObject({ missingRequests: 0, missingRecords: 0 });
});

test("records of an object that was begun and never written are missed, until they lie in another", async () => {
  const lost = [
    [5, at(20), "d"],
    [6, at(21), "d"],
  ] as const;
  await begun("lost", lost);
  expect(await compared()).toMatchObject({ missingRequests: 0, missingRecords: 2 });
  await archived("redriven", lost);
  expect(await compared()).toMatchObject({ missingRecords: 0, records: 7, archived: 7 });
});
