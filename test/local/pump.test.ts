import { CreateTableCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import type { DynamoDBRecord } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFaultProxy } from "../../local/fault-proxy.ts";
import { startInbox } from "../../local/inbox.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { type Consumer, startPump } from "../../local/stream-pump.ts";

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.stop());

const options = (endpoint = moto.url) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
});
const put = (client: DynamoDBClient, TableName: string, pk: string) =>
  client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, bytes: { B: Buffer.from("raw") } } }));

async function table(TableName: string) {
  const client = new DynamoDBClient(options());
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  return { client, streamArn: TableDescription?.LatestStreamArn ?? "" };
}

const pump = (streamArn: string, consumer: Consumer, complaints: unknown[] = []) =>
  startPump(new DynamoDBStreamsClient(options()), [{ streamArn, consumer }], (cause) => complaints.push(cause));

test("inserts and changes arrive in order, in Lambda's own shape, old and new images too", async () => {
  const { client, streamArn } = await table("ordered");
  const seen: DynamoDBRecord[] = [];
  const running = pump(streamArn, async ({ Records }) => {
    seen.push(...Records);
    return { batchItemFailures: [] };
  });
  await put(client, "ordered", "one");
  const change = { UpdateExpression: "SET colour = :c", ExpressionAttributeValues: { ":c": { S: "red" } } };
  await client.send(new UpdateItemCommand({ TableName: "ordered", Key: { pk: { S: "one" } }, ...change }));
  await running.drain();
  await running.stop();
  expect(seen.map((record) => record.eventName)).toEqual(["INSERT", "MODIFY"]);
  expect(seen[1]?.dynamodb?.OldImage).toEqual({
    pk: { S: "one" },
    bytes: { B: Buffer.from("raw").toString("base64") },
  });
  expect(seen[1]?.dynamodb?.NewImage).toMatchObject({ colour: { S: "red" } });
  expect(seen[0]?.eventSourceARN).toBe(streamArn);
  expect(seen[0]?.dynamodb?.ApproximateCreationDateTime).toBeCloseTo(Date.now() / 1000, -2);
});

test("from the lowest failed record on a batch comes again; a consumer that throws gets it whole", async () => {
  const { client, streamArn } = await table("failing");
  for (const pk of ["a", "b", "c"]) await put(client, "failing", pk);
  const batches: string[][] = [];
  const complaints: unknown[] = [];
  const running = pump(
    streamArn,
    async ({ Records }) => {
      batches.push(Records.map((record) => record.dynamodb?.Keys?.pk?.S ?? ""));
      if (batches.length === 1) throw new Error("not yet");
      const failed = batches.length === 2 ? [Records[2], Records[1]] : [];
      return {
        batchItemFailures: failed.map((record) => ({ itemIdentifier: record?.dynamodb?.SequenceNumber ?? "" })),
      };
    },
    complaints,
  );
  await running.drain();
  await running.stop();
  expect(batches).toEqual([
    ["a", "b", "c"],
    ["a", "b", "c"],
    ["b", "c"],
  ]);
  expect(complaints).toHaveLength(1);
});

test("the inbox gets what a topic publishes, as a page with links and as JSON", async () => {
  const inbox = await startInbox();
  const sns = new SNSClient(options());
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "platform" }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: inbox.url }));
  const Message = "Please look: http://127.0.0.1:1/console/approvals/abc\n<script>";
  await sns.send(new PublishCommand({ TopicArn, Subject: "Approval needed", Message }));
  const mail = await inbox.waitFor((entry) => entry.subject === "Approval needed");
  expect(mail.links).toEqual(["http://127.0.0.1:1/console/approvals/abc"]);
  expect(await (await fetch(`${inbox.url}/messages`)).json()).toEqual([{ ...mail }]);
  const page = await (await fetch(inbox.url)).text();
  expect(page).toContain('<a href="http://127.0.0.1:1/console/approvals/abc">');
  expect(page).not.toContain("<script>");
  await expect(inbox.waitFor(() => false, 50)).rejects.toThrow(/no such mail/);
  await inbox.stop();
});

test("the fault proxy cuts, cuts after so many requests, and mends", async () => {
  const { client } = await table("faulty");
  const proxy = await startFaultProxy(moto.url);
  const through = new DynamoDBClient({ ...options(proxy.url), maxAttempts: 1 });
  await put(through, "faulty", "one");
  proxy.cut();
  await expect(put(through, "faulty", "two")).rejects.toThrow();
  await put(client, "faulty", "the others are not touched");
  proxy.cutAfter(1);
  await put(through, "faulty", "three");
  await expect(put(through, "faulty", "four")).rejects.toThrow();
  proxy.mend();
  await put(through, "faulty", "five");
  expect(proxy.passed).toBe(3);
  await proxy.stop();
});
