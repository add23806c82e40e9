import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import type { LocalAws } from "../../../local/aws.ts";
import { type StreamRecord, streamRecord } from "../../../local/stream-record.ts";
import { DIED } from "./mortal.ts";

export interface ShakyOptions {
  readonly aws: LocalAws;
  readonly streamArn: string;
  readonly random: () => number;
  /** Shards that the changes are spread over by their partition key. */
  readonly shards: number;
  readonly largestBatch: number;
  /** Share of the batches that come again, whole or in part, although they were consumed. */
  readonly again: number;
  /** Share of the batches whose changes are not in order; 0 where a row changes more than once. */
  readonly disorder: number;
  /** Milliseconds since the epoch, as the stream has it. */
  readonly now: () => number;
  readonly deliver: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse | typeof DIED>;
}

/** A table's stream as unpleasant as Lambda may be: batches fail and come again, with other bounds, twice, and out of order. */
export function shakyStream(options: ShakyOptions) {
  const { aws, streamArn: StreamArn, random, shards, largestBatch, again, disorder, now, deliver } = options;
  const waiting: StreamRecord[][] = Array.from({ length: shards }, () => []);
  const told = { batches: 0, failed: 0, again: 0, disordered: 0, changes: 0 };
  let last: string | undefined;

  /** @returns how many changes are new */
  const read = async (): Promise<number> => {
    const { StreamDescription } = await aws.streams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const from =
      last === undefined
        ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
        : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: last } as const);
    const { ShardIterator } = await aws.streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...from }));
    const { Records = [] } = await aws.streams.send(new GetRecordsCommand({ ShardIterator, Limit: 1000 }));
    for (const record of Records) {
      const { dynamodb, ...change } = streamRecord(record, StreamArn);
      last = dynamodb.SequenceNumber;
      // The emulator knows nothing of the clock of these tests.
      const timed = { ...change, dynamodb: { ...dynamodb, ApproximateCreationDateTime: now() / 1000 } };
      waiting[shardOf(dynamodb.Keys?.pk?.S ?? "", shards)]?.push(timed);
    }
    told.changes += Records.length;
    return Records.length;
  };

  const consumed = async (batch: readonly StreamRecord[]): Promise<number> => {
    told.batches += 1;
    const answer = await deliver({ Records: [...batch] }).catch(() => DIED);
    if (typeof answer === "symbol") {
      told.failed += 1;
      return 0;
    }
    const failed = answer.batchItemFailures.map(({ itemIdentifier }) =>
      batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
    );
    if (failed.length === 0) return batch.length;
    told.failed += 1;
    return Math.max(0, Math.min(...failed));
  };

  const turnOf = async (shard: StreamRecord[]): Promise<void> => {
    const batch = shard.slice(0, 1 + Math.floor(random() * largestBatch));
    if (batch.length === 0) return;
    const mixed = random() < disorder;
    if (mixed) told.disordered += 1;
    const done = await consumed(mixed ? batch.toSorted(() => random() - 0.5) : batch);
    if (mixed && done < batch.length) return;
    // Consumed, and not noted as such: from some place on they come once more.
    const kept = done === batch.length && random() < again ? Math.floor(random() * done) : done;
    if (kept < done) told.again += 1;
    shard.splice(0, kept);
  };

  return {
    told,
    /** Reads what is new, and hands a batch of each shard over. @returns whether there was anything */
    async turn(): Promise<boolean> {
      const found = await read();
      await Promise.all(waiting.map(turnOf));
      return found > 0 || waiting.some((shard) => shard.length > 0);
    },
    /** Until nothing is left. */
    async drain(): Promise<void> {
      while (await this.turn());
    },
  };
}

function shardOf(partition: string, shards: number): number {
  let sum = 0;
  for (const char of partition) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return sum % shards;
}
