import { CreateTableCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { APPROVALS_INDEX } from "../../../lambdas/index-names.ts";
import type { LocalAws } from "../../../local/aws.ts";
import { streamRecord } from "../../../local/stream-record.ts";

/** The three tables as the template has them, with the streams of ledger and approvals. */
export async function makeTables({
  dynamoDb,
}: LocalAws): Promise<{ readonly ledger: string; readonly approvals: string }> {
  for (const TableName of ["ledger", "approvals", "access"]) {
    const own =
      TableName === "approvals" ? APPROVALS : { AttributeDefinitions: KEYS, ...(TableName === "ledger" ? STREAM : {}) };
    await dynamoDb.send(
      new CreateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST", KeySchema: keySchema("pk", "sk"), ...own }),
    );
  }
  const streamOf = async (TableName: string) =>
    (await dynamoDb.send(new DescribeTableCommand({ TableName }))).Table?.LatestStreamArn ?? "";
  return { ledger: await streamOf("ledger"), approvals: await streamOf("approvals") };
}

/** Hands what changed since the last time to a consumer, as often as it takes. */
export function startReading(
  { streams }: LocalAws,
  StreamArn: string,
  consume: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>,
): () => Promise<void> {
  const last = new Map<string, string>();
  let reading: Promise<void> = Promise.resolve();
  const readShard = async (ShardId: string): Promise<void> => {
    for (;;) {
      const SequenceNumber = last.get(ShardId);
      const from =
        SequenceNumber === undefined
          ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
          : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber } as const);
      const { ShardIterator } = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...from }));
      const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator, Limit: 1000 }));
      if (Records.length === 0) return;
      const answer = await consume({ Records: Records.map((record) => streamRecord(record, StreamArn)) });
      if (answer.batchItemFailures.length > 0) throw new Error("the recorder handed a change back");
      last.set(ShardId, Records.at(-1)?.dynamodb?.SequenceNumber ?? "");
    }
  };
  const read = async () => {
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    for (const { ShardId = "" } of StreamDescription?.Shards ?? []) await readShard(ShardId);
  };
  return () => {
    reading = reading.catch(() => undefined).then(read);
    return reading;
  };
}

const keySchema = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: "HASH" as const },
  { AttributeName: range, KeyType: "RANGE" as const },
];
const KEYS = [
  { AttributeName: "pk", AttributeType: "S" as const },
  { AttributeName: "sk", AttributeType: "S" as const },
];
const index = (IndexName: string, attribute: string) => ({
  IndexName,
  KeySchema: keySchema(attribute, "createdAt"),
  Projection: { ProjectionType: "ALL" as const },
});
const STREAM = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const } };
const APPROVALS = {
  AttributeDefinitions: [
    ...KEYS,
    { AttributeName: "status", AttributeType: "S" as const },
    { AttributeName: "requesterId", AttributeType: "S" as const },
    { AttributeName: "createdAt", AttributeType: "N" as const },
  ],
  GlobalSecondaryIndexes: [
    index(APPROVALS_INDEX.byStatus, "status"),
    index(APPROVALS_INDEX.byRequester, "requesterId"),
  ],
  ...STREAM,
};
