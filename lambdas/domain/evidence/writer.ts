import { CountersignError } from "../error.ts";
import { type Line, lineOf, NO_PREVIOUS } from "./line.ts";
import type { RecordEntry, Sealed } from "./record.ts";

/** Where lines are kept. `put` settles only when the line is surely there; a second put of the same line is no error. */
export interface Ledger {
  put(line: Line): Promise<void>;
}

/** What a writer needs from the outside world. */
export interface WriterSurroundings {
  readonly ledger: Ledger;
  readonly component: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fresh ULID. */
  readonly newId: (time: number) => string;
}

export interface Writer {
  /**
   * Appends a record and settles when it is durable.
   * @throws CountersignError `evidence_unavailable` when it could not be written for certain
   */
  append(entry: RecordEntry, sealed?: Sealed): Promise<Line>;
}

interface Lane {
  readonly id: string;
  seq: number;
  previous: string;
}

/**
 * A pool of lanes. A lane numbers and chains its records and has one put under way at a time, so a gap in its numbers
 * is a lost record and nothing else. In Lambda an environment needs one; a busy process opens more.
 */
export function createWriter({ ledger, component, now, newId }: WriterSurroundings): Writer {
  const idle: Lane[] = [];

  const put = async (lane: Lane, entry: RecordEntry, sealed: Sealed): Promise<Line> => {
    const time = now();
    const added = {
      v: 1,
      id: newId(time),
      recordedAt: new Date(time).toISOString(),
      component,
      writer: { id: lane.id, seq: lane.seq, previous: lane.previous },
    } as const;
    const line = lineOf(entry, added, sealed);
    await ledger.put(line);
    lane.seq += 1;
    lane.previous = line.hash;
    return line;
  };

  const open = async (): Promise<Lane> => {
    const id = newId(now());
    const lane: Lane = { id, seq: 0, previous: NO_PREVIOUS };
    const occurredAt = new Date(now()).toISOString();
    await put(lane, { type: "writer.opened", occurredAt, session: `writer-${id}`, outcome: "opened" }, {});
    return lane;
  };

  return {
    async append(entry, sealed = {}) {
      try {
        const lane = idle.pop() ?? (await open());
        const line = await put(lane, entry, sealed);
        idle.push(lane);
        return line;
      } catch (cause) {
        // The lane is not put back: whether its last record exists is not known, so nothing may follow it.
        if (cause instanceof CountersignError) throw cause;
        throw new CountersignError("evidence_unavailable", "a record could not be written", { cause });
      }
    },
  };
}
