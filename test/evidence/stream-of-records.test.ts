import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DeleteItemCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { archivedLines, recordOf } from "../../bin/archive.ts";
import { stackOutputs } from "../../bin/stack-outputs.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { createReconciler } from "../../lambdas/reconciler/reconciler.ts";
import { localAws } from "../../local/aws.ts";
import { type EventBox, eventBox } from "../support/event-box.ts";
import { type Gateway, legacy, openGateway } from "../support/gateway.ts";
import { ocsfComplaints } from "../support/ocsf.ts";
import { INITIALIZED, JSON_TYPE, rpc, type ScriptedServers, startScripted } from "../support/scripted-server.ts";

const run = promisify(execFile);

/** What functions counted for operators, by service. */
const counted: string[] = [];
vi.mock("../../lambdas/operator-metrics.ts", async (original) => ({
  ...(await original<object>()),
  operatorMetrics: (service: string) => (name: string) => counted.push(`${service} ${name}`),
}));

let servers: ScriptedServers;
let gateway: Gateway;
let box: EventBox;
let aws: ReturnType<typeof localAws>;
let ledger: string;
let die: () => void = () => undefined;
let dieAt = "tools/call";
const THING = { name: "list_things", inputSchema: { type: "object" } };

beforeAll(async () => {
  servers = await startScripted({
    dying: ({ message }, response) => {
      if (message.method === dieAt) die();
      const done =
        message.method === "tools/list" && dieAt === "tools/list"
          ? { tools: [THING] }
          : { content: [{ type: "text", text: "done" }] };
      const result = message.method === "initialize" ? INITIALIZED : done;
      response.writeHead(200, JSON_TYPE).end(rpc({ id: message.id, result }));
    },
  });
  gateway = await openGateway({ moreServers: servers.servers });
  const endpoint = gateway.stack.place.environment.AWS_ENDPOINT_URL ?? "";
  aws = localAws(endpoint);
  box = await eventBox(endpoint, gateway.stack.environmentOf("exporter").EXPORT_BUS ?? "");
  ledger = gateway.stack.environmentOf("gateway").LEDGER_TABLE ?? "";
}, 120_000);
afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
});
beforeEach(() => {
  counted.length = 0;
});

const call = (name: string, args: object = {}) => legacy("tools/call", { name, arguments: args });
async function countersign(...args: string[]) {
  const { environment, maskedVault } = gateway.stack.place;
  const env = { PATH: process.env.PATH, ...environment, COUNTERSIGN_MASKED_VAULT: maskedVault };
  try {
    return { code: 0, ...(await run(process.execPath, ["bin/cli.ts", ...args], { env, maxBuffer: 50_000_000 })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

describe("what the exporter tells", () => {
  test("is every call once and every other record, as events that the official schema knows, within seconds and without bodies", async () => {
    await gateway.send("ops", { ...call("read_config", { name: "billing" }) });
    await gateway.send("ops", { ...call("no_such_tool", { secret: "=cmd()" }) });
    await gateway.stack.drain();
    const delivered = await box.empty();
    const records = await gateway.records(() => true);
    const begun = records.filter(({ type, decision }) => type === "call.received" && decision?.kind === "allow");
    expect(begun).not.toEqual([]);
    const told = records.filter((record) => !begun.includes(record));
    expect(delivered.map(({ detail }) => detail.metadata.uid).sort()).toEqual(told.map(({ id }) => id));
    for (const event of delivered) {
      expect(event).toMatchObject({ source: "countersign", "detail-type": "OCSF API Activity" });
      expect(ocsfComplaints(event.detail)).toEqual([]);
    }
    const completed = records.find(({ type, target }) => type === "call.completed" && target === "read_config");
    const event = delivered.find(({ detail }) => detail.metadata.uid === completed?.id);
    expect(event?.detail).toMatchObject({ disposition_id: 11, api: { operation: "tools/call" } });
    expect(JSON.stringify(event)).not.toContain(JSON.stringify(completed?.response?.text).slice(1, 60));
  });
});

describe("countersign export", () => {
  const span = () => ["--from", "2026-01-01T00:00:00Z", "--to", new Date(Date.now() + 60_000).toISOString()];

  test("prints every record as an event like those of the bus, or its own bytes", async () => {
    await gateway.stack.drain();
    const lines = (await archivedLines(gateway.stack.place)).sort();
    const asOcsf = await countersign("export", ...span());
    const events = asOcsf.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ metadata }) => metadata.uid).sort()).toEqual(lines.map((line) => recordOf(line).id).sort());
    for (const event of events) expect(ocsfComplaints(event)).toEqual([]);
    const asLines = await countersign("export", ...span(), "--format", "jsonl");
    expect(asLines.stdout.trimEnd().split("\n").sort()).toEqual(lines);
  });

  test("holds to its times, and says what is wrong with an option", async () => {
    const none = await countersign("export", "--from", "2020-01-01T00:00:00Z", "--to", "2020-01-02T00:00:00Z");
    expect(none).toMatchObject({ code: 0, stdout: "" });
    const wrong = await countersign("export", ...span(), "--format", "xml");
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("one of ocsf, jsonl, csv") });
    const turned = await countersign("export", "--from", "2020-01-02T00:00:00Z", "--to", "2020-01-01T00:00:00Z");
    expect(turned).toMatchObject({ code: 1, stderr: expect.stringContaining("later than --from") });
  });
});

test("an item of the ledger that somebody changes or removes raises the alarm; appending does not", async () => {
  await gateway.send("ops", { ...call("read_config", { name: "billing" }) });
  await gateway.stack.drain();
  expect(counted).not.toContain("exporter LedgerTampered");
  const { Items = [] } = await aws.dynamoDb.send(new ScanCommand({ TableName: ledger }));
  const [one, other] = Items.filter(({ line }) => line !== undefined);
  const keyOf = (item: typeof one) => ({ pk: item?.pk ?? { S: "" }, sk: item?.sk ?? { S: "" } });
  const ExpressionAttributeValues = { ":line": { S: "{}" } };
  await aws.dynamoDb.send(
    new UpdateItemCommand({
      TableName: ledger,
      Key: keyOf(one),
      UpdateExpression: "SET line = :line",
      ExpressionAttributeValues,
    }),
  );
  await aws.dynamoDb.send(new DeleteItemCommand({ TableName: ledger, Key: keyOf(other) }));
  await aws.dynamoDb.send(new DeleteItemCommand({ TableName: ledger, Key: keyOf(one) }));
  await gateway.stack.drain();
  expect(counted.filter((entry) => entry === "exporter LedgerTampered")).toHaveLength(3);
});

describe("the reconciler", () => {
  const reconcile = (patience?: number) =>
    createReconciler(gateway.stack.environmentOf("reconciler"), patience)({}, {} as Context);
  const of = (id: string | undefined, type?: LedgerRecord["type"]) =>
    gateway.records((record) => record.call === id && (type === undefined || record.type === type));

  test("says once that a call has no outcome when the gateway died between receipt and outcome", async () => {
    const good = await gateway.send("ops", { ...call("read_config", { name: "billing" }) });
    expect(good.status).toBe(200);
    die = () => gateway.stack.faults.dynamodb.cut();
    await gateway.send("dying", { ...call("list_things") }).catch(() => undefined);
    die = () => undefined;
    gateway.stack.faults.dynamodb.mend();
    await gateway.stack.drain();
    const [received] = await gateway.records(({ type, server }) => type === "call.received" && server === "dying");
    expect(received).toBeDefined();
    expect((await of(received?.call)).map(({ type }) => type)).toEqual(["call.received"]);

    await reconcile();
    expect(await gateway.records(({ type }) => type === "call.unresolved"), "too early").toEqual([]);
    await sleep(5);
    await Promise.all([reconcile(0), reconcile(0)]);
    await reconcile(0);
    await gateway.stack.drain();
    await reconcile(0);
    const unresolved = await gateway.records(({ type }) => type === "call.unresolved");
    expect(unresolved).toHaveLength(1);
    expect(unresolved[0]).toMatchObject({
      call: received?.call,
      session: received?.session,
      target: received?.target,
      principal: received?.principal,
      component: "reconciler",
      outcome: "unresolved",
      received: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(counted).toContain("reconciler CallsUnresolved");
    const told = (await box.empty()).filter(({ detail }) => detail.metadata.event_code === "call.unresolved");
    // At least once: what the bus answers too late is told again, under the same uid.
    expect([...new Set(told.map(({ detail }) => detail.metadata.uid))]).toEqual([unresolved[0]?.id]);
    expect(told[0]).toMatchObject({ detail: { api: { request: { uid: received?.call } }, disposition_id: 27 } });
  });
});

test("a table of ours that fails once the call has left is not told as the server's fault, and the outcome is on record", async () => {
  dieAt = "tools/list";
  die = () => gateway.stack.faults.dynamodb.cutOnly((operation) => operation === "Query");
  const { messages } = await gateway.send("dying", { ...legacy("tools/list") });
  die = () => undefined;
  gateway.stack.faults.dynamodb.mend();
  const why = "was called, but the gateway failed before it could hand over the answer";
  expect(messages[0]?.error?.message).toContain(why);
  const outcomes = await gateway.records(({ type, method }) => type === "call.completed" && method === "tools/list");
  expect(outcomes.at(-1)).toMatchObject({ server: "dying", outcome: "unknown", reason: why });
});

describe("countersign redrive", () => {
  const unarchived = async () => (await stackOutputs(gateway.stack.place.environment)).get("UnarchivedBucket") ?? "";
  const left = async () =>
    ((await aws.s3.send(new ListObjectsV2Command({ Bucket: await unarchived() }))).Contents ?? []).map(
      ({ Key }) => Key,
    );
  const vaultKeys = async (Bucket: string) =>
    ((await aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "transcripts/" }))).Contents ?? []).map(
      ({ Key }) => Key,
    );
  const put = async (Key: string, Body: string) =>
    aws.s3.send(new PutObjectCommand({ Bucket: await unarchived(), Key, Body }));

  /** What Lambda puts into the bucket of a batch that failed for good. */
  const failedBatch = (id: string) => {
    const line = JSON.stringify({ id, writer: { id: "w", seq: 1, previous: "" } });
    const NewImage = { line: { S: line }, signature: { S: "s".repeat(86) } };
    const dynamodb = { ApproximateCreationDateTime: 1_780_000_000, NewImage };
    return JSON.stringify({
      requestContext: { condition: "RetryAttemptsExhausted" },
      DDBStreamBatchInfo: { batchSize: 1 },
      payload: JSON.stringify({ Records: [{ eventName: "INSERT", dynamodb }] }),
    });
  };

  test("archives what failed, once, however often it is done, and leaves what is no batch", async () => {
    const batch = failedBatch("01JG0000000000000000000009");
    await put("aws/lambda/e/s/1", batch);
    await put("aws/lambda/e/s/2", failedBatch("01JG0000000000000000000008"));
    await gateway.stack.drain();
    const before = await vaultKeys(gateway.stack.vaults.masked);
    const first = await countersign("redrive");
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("2 batches archived, 0 left") });
    expect(await left()).toEqual([]);
    const after = await vaultKeys(gateway.stack.vaults.masked);
    expect(after).toHaveLength(before.length + 2);
    expect(await vaultKeys(gateway.stack.vaults.sealed)).toEqual(after);

    await put("aws/lambda/e/s/1", batch);
    await put("aws/lambda/e/s/3", "half a downl");
    const second = await countersign("redrive");
    expect(second).toMatchObject({ code: 1, stdout: expect.stringContaining("1 batches archived, 1 left") });
    expect(await left()).toEqual(["aws/lambda/e/s/3"]);
    expect(await vaultKeys(gateway.stack.vaults.masked)).toEqual(after);
  });
});
