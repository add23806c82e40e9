import { setTimeout as sleep } from "node:timers/promises";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { LocalAws } from "../../../local/aws.ts";

/** Milliseconds between two questions of the watch. */
const EVERY = 200;
/** Milliseconds after which the emulator counts as too slow: the product gives up after three seconds, twice. */
const SLOW = 1000;
/** Milliseconds for which what was begun while it was slow may still fail: two tries, and what waits between them. */
const AFTERMATH = 8000;

interface Span {
  readonly from: number;
  readonly until: number;
}

/** Knows when the emulator was too slow to be relied on, by asking it for an item all the time. */
export class EmulatorWatch {
  /** When it was too slow. */
  readonly slow: Span[] = [];
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;
  /** When what is under way was begun. */
  readonly #underWay = new Set<number>();

  /** @param table any of its tables */
  constructor({ dynamoDb }: LocalAws, table: string) {
    const question = new GetItemCommand({ TableName: table, Key: { pk: { S: "nobody" }, sk: { S: "nothing" } } });
    this.#running = (async () => {
      while (!this.#ended.signal.aborted) {
        await this.during(async () => void (await dynamoDb.send(question, { abortSignal: this.#ended.signal })));
        await sleep(EVERY, undefined, { signal: this.#ended.signal });
      }
    })().catch(() => undefined);
  }

  /** Does something, and notes it when it takes so long that others time out meanwhile. */
  async during<T>(act: () => Promise<T>): Promise<T> {
    const from = performance.now();
    this.#underWay.add(from);
    try {
      return await act();
    } finally {
      this.#underWay.delete(from);
      const until = performance.now();
      if (until - from > SLOW) this.slow.push({ from, until });
    }
  }

  /** Whether it was too slow at any time since something began, or so shortly before that it may have had to wait. */
  wasSlowSince(begun: number): boolean {
    const now = performance.now();
    if ([...this.#underWay].some((from) => now - from > SLOW)) return true;
    return this.slow.some(({ until }) => until > begun - AFTERMATH);
  }

  /** In words: `3 times, 7 s in all`. */
  get told(): string {
    const all = this.slow.reduce((sum, { from, until }) => sum + until - from, 0);
    return `${this.slow.length} times, ${(all / 1000).toFixed(0)} s in all`;
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }
}
