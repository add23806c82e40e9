import { CountersignError } from "../error.ts";
import { type Line, lineOf, NO_PREVIOUS } from "./line.ts";
import type { RecordEntry, Sealed } from "./record.ts";
import type { Signer } from "./signing.ts";

/** Where lines are kept. */
export interface Ledger {
  /**
   * Settles only when the line is surely there; a second put of the same line is no error.
   * @returns `known` when the record under this id says the same and was written before, in another lane
   */
  put(line: Line): Promise<"written" | "known">;
}

/** What a writer needs from the outside world. */
export interface WriterSurroundings {
  readonly ledger: Ledger;
  readonly component: string;
  readonly signer: Signer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fresh ULID. */
  readonly newId: (time: number) => string;
}

export interface Writer {
  /**
   * Appends a record and settles when it is durable.
   * @param id that follows from what is told, so that telling it again is the same record @default a fresh one
   * @throws CountersignError `evidence_unavailable` when it could not be written for certain
   */
  append(entry: RecordEntry, sealed?: Sealed, id?: string): Promise<Line>;
}

interface Lane {
  readonly id: string;
  seq: number;
  previous: string;
}

/**
 * A pool of lanes. A lane numbers, chains and signs its records and has one put under way at a time, so a gap in its
 * numbers is a lost record and nothing else. In Lambda an environment needs one; a busy process opens more.
 */
export function createWriter({ ledger, component, signer, now, newId }: WriterSurroundings): Writer {
  const idle: Lane[] = [];
  /** Lanes that ended with a put whose fate is not known, and were not yet told of. */
  const lost: Lane[] = [];

  const put = async (lane: Lane, entry: RecordEntry, sealed: Sealed, id?: string): Promise<Line> => {
    const time = now();
    const added = {
      v: 1,
      id: id ?? newId(time),
      recordedAt: new Date(time).toISOString(),
      component,
      writer: { id: lane.id, seq: lane.seq, previous: lane.previous },
    } as const;
    const line = lineOf(entry, added, sealed, signer.sign);
    // Said before in another lane: this lane's number stays free for its next record.
    if ((await ledger.put(line)) === "known") return line;
    lane.seq += 1;
    lane.previous = line.hash;
    return line;
  };

  const about = (lane: Lane) => ({ occurredAt: new Date(now()).toISOString(), session: `writer-${lane.id}` });

  const open = async (): Promise<Lane> => {
    const lane: Lane = { id: newId(now()), seq: 0, previous: NO_PREVIOUS };
    const attested = await signer.attested();
    await put(lane, { type: "writer.opened", ...about(lane), outcome: "opened", signer: attested }, {});
    return lane;
  };

  /** Says of lanes that ended in doubt that nothing follows in them. */
  const tellOfLost = async (lane: Lane): Promise<void> => {
    for (let ended = lost.pop(); ended !== undefined; ended = lost.pop()) {
      const closed = { id: ended.id, seq: ended.seq };
      try {
        await put(lane, { type: "writer.closed", ...about(ended), outcome: "in-doubt", closed }, {});
      } catch (cause) {
        lost.push(ended);
        throw cause;
      }
    }
  };

  return {
    async append(entry, sealed = {}, id) {
      let lane: Lane | undefined;
      try {
        lane = idle.pop() ?? (await open());
        await tellOfLost(lane);
        const line = await put(lane, entry, sealed, id);
        idle.push(lane);
        return line;
      } catch (cause) {
        // The lane is not put back: whether its last record exists is not known, so nothing may follow it.
        if (lane !== undefined) lost.push(lane);
        if (cause instanceof CountersignError) throw cause;
        throw new CountersignError("evidence_unavailable", "a record could not be written", { cause });
      }
    },
  };
}
