import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import type { LocalAws } from "../../../local/aws.ts";
import { streamRecord } from "../../../local/stream-record.ts";

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
