import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { type StreamRecord, streamRecord } from "./stream-record.ts";

export type Consumer = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

export interface Pump {
  /** Waits until everything that was written before was consumed, and what the consumers wrote as well. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export interface Feed {
  readonly streamArn: string;
  readonly consumer: Consumer;
}

const POLL_MS = 120;
const RETRY_MS = 400;
const BATCH = 100;

/** Plays Lambda's event source mappings: reads streams in order and hands batches to their consumers, with retries. */
export function startPump(
  client: DynamoDBStreamsClient,
  feeds: readonly Feed[],
  report: (cause: unknown) => void,
): Pump {
  const channels = feeds.map((feed) => new Channel(client, feed, report));
  const loops = channels.map((channel) => channel.run());
  return {
    drain: async () => {
      // A consumer may write into the other stream, so a pass that consumed nothing anywhere is the end.
      for (let consumed = true; consumed; ) {
        const before = channels.map((channel) => channel.consumed);
        for (const channel of channels) await channel.idle();
        consumed = channels.some((channel, at) => channel.consumed !== before[at]);
      }
    },
    stop: async () => {
      for (const channel of channels) channel.stop();
      await Promise.all(loops);
    },
  };
}

/** One stream and its consumer. */
class Channel {
  consumed = 0;
  readonly #client: DynamoDBStreamsClient;
  readonly #feed: Feed;
  readonly #report: (cause: unknown) => void;
  readonly #stop = new AbortController();
  #waiting: StreamRecord[] = [];
  #idlers: (() => void)[] = [];
  /** Sequence number of the last record read, by shard. */
  readonly #last = new Map<string, string>();

  constructor(client: DynamoDBStreamsClient, feed: Feed, report: (cause: unknown) => void) {
    this.#client = client;
    this.#feed = feed;
    this.#report = report;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Resolves after a poll that began later than this call and found nothing left. */
  idle(): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const asked = this.#idlers.length;
      const empty = this.#waiting.length === 0;
      let clean = true;
      try {
        if (empty) await this.#fetch();
        clean = await this.#deliver();
      } catch (cause) {
        clean = false;
        if (!this.#stop.signal.aborted) this.#report(cause);
      }
      if (empty && clean && this.#waiting.length === 0 && !this.#found)
        for (const done of this.#idlers.splice(0, asked)) done();
      await this.#pause(clean ? POLL_MS : RETRY_MS);
    }
    for (const done of this.#idlers.splice(0)) done();
  }

  #found = false;

  /**
   * Reads what came since the last record of each shard. The emulator moves an iterator past records that are yet to
   * come whenever a read finds nothing, so every read asks for a new one.
   */
  async #fetch(): Promise<void> {
    const abortSignal = this.#stop.signal;
    const { streamArn: StreamArn } = this.#feed;
    this.#found = false;
    const { StreamDescription } = await this.#client.send(new DescribeStreamCommand({ StreamArn }), { abortSignal });
    for (const { ShardId = "" } of StreamDescription?.Shards ?? []) {
      const SequenceNumber = this.#last.get(ShardId);
      const from =
        SequenceNumber === undefined
          ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
          : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber } as const);
      const wish = new GetShardIteratorCommand({ StreamArn, ShardId, ...from });
      const { ShardIterator } = await this.#client.send(wish, { abortSignal });
      const answer = await this.#client.send(new GetRecordsCommand({ ShardIterator, Limit: 1000 }), { abortSignal });
      const records = (answer.Records ?? []).map((record) => streamRecord(record, StreamArn));
      const last = records.at(-1)?.dynamodb.SequenceNumber;
      if (last !== undefined) this.#last.set(ShardId, last);
      this.#found ||= records.length > 0;
      this.#waiting.push(...records);
    }
  }

  /** Hands batches over; from the lowest failed record on they stay for the next try, as Lambda keeps them. */
  async #deliver(): Promise<boolean> {
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) {
      const batch = this.#waiting.slice(0, BATCH);
      const failed = await this.#failures(batch);
      const kept = failed.length === 0 ? batch.length : Math.min(...failed);
      this.#waiting.splice(0, kept);
      this.consumed += kept;
      if (failed.length > 0) return false;
    }
    return true;
  }

  /** Places in the batch that failed; the first one when the consumer names none that is in it, or throws. */
  async #failures(batch: readonly StreamRecord[]): Promise<number[]> {
    try {
      const answer = await this.#feed.consumer({ Records: [...batch] });
      return (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
        Math.max(
          0,
          batch.findIndex((record) => record.dynamodb.SequenceNumber === itemIdentifier),
        ),
      );
    } catch (cause) {
      this.#report(cause);
      return [0];
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      const { signal } = this.#stop;
      function done() {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }
}
