import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalAws, localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { makeLedger } from "../support/tables.ts";

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("the emulator answers AWS calls and leaves no process when it stops", async () => {
  const moto = await startMoto();
  const client = new DynamoDBClient({
    endpoint: moto.url,
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: "trial",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    }),
  );
  expect(TableDescription?.TableStatus).toBe("ACTIVE");
  expect(alive(moto.pid)).toBe(true);
  await moto.stop();
  expect(alive(moto.pid)).toBe(false);
});

test("a port that is taken is said so", async () => {
  const moto = await startMoto();
  await expect(startMoto(Number(new URL(moto.url).port))).rejects.toThrow(/already|in use/i);
  await moto.stop();
});

describe("what is mended in the emulator's tables", () => {
  let moto: Moto;
  let aws: LocalAws;
  let stream: string;
  beforeAll(async () => {
    moto = await startMoto();
    aws = localAws(moto.url);
    stream = await makeLedger(aws);
    for (const [pk, sk] of [
      ["one", "a"],
      ["one", "b"],
      ["two", "a"],
    ] as const)
      await aws.dynamoDb.send(new PutItemCommand({ TableName: "ledger", Item: item(pk, sk, "1") }));
  });
  afterAll(() => moto?.stop());

  const item = (pk: string, sk: string, N: string) => ({ pk: { S: pk }, sk: { S: sk }, count: { N } });
  const key = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
  const update = (pk: string, sk: string, condition?: string) => ({
    Update: {
      TableName: "ledger",
      Key: key(pk, sk),
      UpdateExpression: "SET #count = :new",
      ExpressionAttributeNames: { "#count": "count" },
      ExpressionAttributeValues: { ":new": { N: "2" } },
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
    },
  });
  const put = (pk: string, sk: string) => ({ Put: { TableName: "ledger", Item: item(pk, sk, "2") } });
  const gone = (pk: string, sk: string) => ({ Delete: { TableName: "ledger", Key: key(pk, sk) } });
  const transact = (...TransactItems: TransactWriteItem[]) =>
    aws.dynamoDb.send(new TransactWriteItemsCommand({ TransactItems }));
  const partition = async (pk: string) => {
    const { Items = [] } = await aws.dynamoDb.send(
      new QueryCommand({
        TableName: "ledger",
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: pk } },
      }),
    );
    return Items.map(({ sk, count }) => `${sk?.S}${count?.N}`);
  };
  const told = async () => {
    const { StreamDescription } = await aws.streams.send(new DescribeStreamCommand({ StreamArn: stream }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const { ShardIterator } = await aws.streams.send(
      new GetShardIteratorCommand({ StreamArn: stream, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    const { Records = [] } = await aws.streams.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ eventName, dynamodb }) => `${eventName} ${dynamodb?.Keys?.pk?.S}${dynamodb?.Keys?.sk?.S}`);
  };

  test("a query gives its own partition, in order, and nothing of one that is not there", async () => {
    expect(await partition("one")).toEqual(["a1", "b1"]);
    expect(await partition("three")).toEqual([]);
  });

  test("a transaction of which one part fails leaves items and stream as they were", async () => {
    const before = await told();
    const failing = update("two", "a", "attribute_not_exists(pk)");
    await expect(transact(update("one", "a"), gone("one", "b"), put("new", "a"), failing)).rejects.toMatchObject({
      name: "TransactionCanceledException",
    });
    expect([await partition("one"), await partition("two"), await partition("new")]).toEqual([
      ["a1", "b1"],
      ["a1"],
      [],
    ]);
    expect(await told()).toEqual(before);
  });

  test("a transaction that holds changes, puts and deletes all that it names, and the stream tells it in order", async () => {
    const before = await told();
    await transact(update("one", "a"), gone("one", "b"), put("new", "a"), put("one", "c"), update("two", "a"));
    expect([await partition("one"), await partition("two"), await partition("new")]).toEqual([
      ["a2", "c2"],
      ["a2"],
      ["a2"],
    ]);
    expect((await told()).slice(before.length)).toEqual([
      "MODIFY onea",
      "REMOVE oneb",
      "INSERT newa",
      "INSERT onec",
      "MODIFY twoa",
    ]);
  });
});
