import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context, DynamoDBRecord } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { inRequests } from "../../lambdas/aws/event-bus.ts";
import { storedLine } from "../../lambdas/aws/ledger-item.ts";
import { createExporter } from "../../lambdas/exporter/exporter.ts";
import { closeServer, listen } from "../../local/port.ts";
import { type AuditRoom, openAuditRoom } from "../audit/support/audit-room.ts";

const counted: string[] = [];
vi.mock("../../lambdas/operator-metrics.ts", () => ({ operatorMetrics: () => (name: string) => counted.push(name) }));

/** A bus that answers as the test says: for each entry whether it is taken, or a failure of the whole request. */
let take: (uid: string) => boolean;
let broken: boolean;
let asked: string[][];
let stop: () => Promise<void>;
let exporter: ReturnType<typeof createExporter>;
let environment: Record<string, string | undefined>;
let room: AuditRoom;
beforeAll(async () => {
  room = await openAuditRoom();
}, 60_000);
afterAll(() => room?.stop());

beforeEach(async () => {
  counted.length = 0;
  take = () => true;
  broken = false;
  asked = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const { Entries } = JSON.parse(Buffer.concat(pieces).toString()) as { Entries: { Detail: string }[] };
    const uids = Entries.map(({ Detail }) => JSON.parse(Detail).metadata.uid as string);
    asked.push(uids);
    const answers = uids.map((uid) => (take(uid) ? { EventId: uid } : { ErrorCode: "ThrottlingException" }));
    response.writeHead(broken ? 500 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(
      JSON.stringify({ FailedEntryCount: answers.filter((one) => "ErrorCode" in one).length, Entries: answers }),
    );
  });
  const bus = `http://127.0.0.1:${await listen(server)}`;
  stop = () => closeServer(server);
  environment = {
    ...room.environment,
    AWS_ENDPOINT_URL_DYNAMODB: room.tables.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus,
    EXPORT_BUS: "bus",
  };
  exporter = createExporter(environment);
});
afterEach(() => stop());

const insert = (number: number, kind = "approve"): DynamoDBRecord => {
  const id = `01JG${String(number).padStart(22, "0")}`;
  const time = "2026-11-21T10:00:00.000Z";
  const writer = { id: "w", seq: number, previous: "0".repeat(64) };
  const line = {
    v: 1,
    id,
    type: "call.received",
    occurredAt: time,
    recordedAt: time,
    component: "gateway",
    session: "s",
    outcome: "received",
    decision: { kind, policies: ["p"], reason: null },
    writer,
  };
  const stored = storedLine({ text: JSON.stringify(line), sealed: {} });
  const NewImage = { ...stored, hash: { S: "ab" }, signature: { S: "s" } };
  return { eventName: "INSERT", dynamodb: { SequenceNumber: String(number), NewImage } };
};
const inserts = (count: number) => Array.from({ length: count }, (_, at) => insert(at));
const give = (Records: DynamoDBRecord[]) => exporter({ Records }, {} as Context);

test("hands over at most ten events at once, in their order", async () => {
  expect(await give(inserts(23))).toEqual({ batchItemFailures: [] });
  expect(asked.map((uids) => uids.length)).toEqual([10, 10, 3]);
  expect(asked.flat()).toEqual([...asked.flat()].sort());
});

test("gives the batch back from the first event on that the bus did not take", async () => {
  take = (uid) => !/0(13|17)$/.test(uid);
  expect(await give(inserts(23))).toEqual({ batchItemFailures: [{ itemIdentifier: "13" }] });
});

test("fails as a whole when the bus does not answer, so that Lambda tries again", async () => {
  broken = true;
  await expect(give(inserts(2))).rejects.toThrow();
});

test("tells when a call begins where it waits for somebody, and of others when they are over", async () => {
  await give([insert(1, "allow"), insert(2, "approve")]);
  expect(asked.flat()).toEqual([expect.stringMatching(/2$/)]);
});

test("tells the beginning of every call where the configuration asks for it", async () => {
  const settings = JSON.parse(readFileSync(environment.SETTINGS_FILE ?? "", "utf8"));
  settings.config.export = { received: true };
  const SETTINGS_FILE = join(mkdtempSync(join(tmpdir(), "countersign-")), "settings.json");
  writeFileSync(SETTINGS_FILE, JSON.stringify(settings));
  await createExporter({ ...environment, SETTINGS_FILE })({ Records: [insert(1, "allow")] }, {} as Context);
  expect(asked.flat()).toHaveLength(1);
});

test("tells nothing of items that are no records", async () => {
  const manifest = {
    eventName: "INSERT",
    dynamodb: { NewImage: { pk: { S: "manifest#2026-11-21T10" }, object: { S: "{}" } } },
  } as const;
  expect(await give([manifest])).toEqual({ batchItemFailures: [] });
  expect(asked).toEqual([]);
});

const timeToLive = { type: "Service", principalId: "dynamodb.amazonaws.com" };
test.each<[string, Partial<DynamoDBRecord>, boolean]>([
  ["a change", { eventName: "MODIFY" }, true],
  ["a change in the name of the time to live", { eventName: "MODIFY", userIdentity: timeToLive }, true],
  ["a removal by somebody", { eventName: "REMOVE" }, true],
  [
    "a removal by another service",
    { eventName: "REMOVE", userIdentity: { type: "Service", principalId: "backup.amazonaws.com" } },
    true,
  ],
  [
    "a removal by somebody who calls himself so",
    { eventName: "REMOVE", userIdentity: { ...timeToLive, type: "User" } },
    true,
  ],
  ["a removal by the time to live", { eventName: "REMOVE", userIdentity: timeToLive }, false],
  ["an append", { eventName: "INSERT" }, false],
])("%s raises the tamper alarm or not", async (eventID, change, alarms) => {
  await give([{ eventID, ...change, dynamodb: { Keys: { pk: { S: "s#1" }, sk: { S: "x" } } } } as DynamoDBRecord]);
  expect(counted).toEqual(alarms ? ["LedgerTampered"] : []);
});

test("raises the tamper alarm even when the bus is down", async () => {
  broken = true;
  await expect(give([{ eventName: "MODIFY", dynamodb: {} }, insert(1)])).rejects.toThrow();
  expect(counted).toEqual(["LedgerTampered"]);
});

describe("a change that nobody may make", () => {
  const keys = (session: string) => ({ pk: { S: `${session}#1` }, sk: { S: "2026-11-21T10:00:00.000Z#01JG" } });
  const change = (session: string): DynamoDBRecord => ({
    eventID: `event-${session}`,
    eventName: "MODIFY",
    dynamodb: {
      ApproximateCreationDateTime: 1_795_255_200,
      Keys: keys(session),
      OldImage: { ...keys(session), hash: { S: "aaaa" } },
      NewImage: { ...keys(session), hash: { S: "bbbb" } },
    },
  });
  const told = async (session: string) =>
    (await room.records("ledger.tampered")).filter((record) => record.session === session);

  test("is a record beside those of its session, once however often the stream tells of it", async () => {
    for (let times = 0; times < 2; times += 1) expect(await give([change("s1")])).toEqual({ batchItemFailures: [] });
    expect(await told("s1")).toMatchObject([
      {
        method: "MODIFY",
        target: "s1#1 2026-11-21T10:00:00.000Z#01JG",
        outcome: "tampered",
        component: "exporter",
        reason: "before: an item of hash aaaa; after: an item of hash bbbb; by: the stream does not say",
      },
    ]);
    const [{ occurredAt, recordedAt } = { occurredAt: "", recordedAt: "" }] = await told("s1");
    expect(occurredAt).toBe("2026-11-21T10:00:00.000Z");
    expect(Date.now() - Date.parse(recordedAt)).toBeLessThan(60_000);
  });

  test("raises the alarm though it cannot be recorded, and comes again until it is", async () => {
    room.tables.cut();
    await expect(give([change("s2")])).rejects.toThrow();
    expect(counted).toEqual(["LedgerTampered", "EvidenceFailures"]);
    room.tables.mend();
    await give([change("s2")]);
    expect(await told("s2")).toHaveLength(1);
  });

  test("by a service names the service", async () => {
    const userIdentity = { type: "Service", principalId: "backup.amazonaws.com" };
    await give([{ ...change("s3"), eventName: "REMOVE", userIdentity } as DynamoDBRecord]);
    expect((await told("s3"))[0]?.reason).toContain('"principalId":"backup.amazonaws.com"');
  });
});

test("a request holds no more bytes than EventBridge takes", () => {
  const details = Array.from({ length: 9 }, () => "ü".repeat(50_000));
  expect(inRequests(details).map((request) => request.length)).toEqual([2, 2, 2, 2, 1]);
  expect(inRequests([])).toEqual([]);
});
