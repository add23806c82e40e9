import { decodeTime, isValid } from "ulid";
import { HOUR } from "./digest.ts";

/** The numbers of one writer, each with the hour in which it arrived, or was to arrive. */
interface Lane {
  readonly archived: Map<number, number>;
  readonly announced: Map<number, number>;
}

/** Milliseconds that a writer's clock may be ahead, which tells in its lane's id when it opened. */
const AHEAD = HOUR / 2;

/**
 * Counts writers' numbers. A number is given once, and none is left out: what is not there, and has another behind it, was lost
 * or is late. It counts to the hour in which the one behind it arrived, by AWS's clock: the times that writers tell are their
 * own clocks', and may jump.
 *
 * @param hour begin of the hour that is counted, milliseconds since the epoch
 * @param since milliseconds since the epoch: whatever arrived from then on is shown, and some of what arrived before
 */
export function laneCounter(hour: number, since: number) {
  const lanes = new Map<string, Lane>();
  const laneOf = (id: string): Lane => {
    const found = lanes.get(id) ?? { archived: new Map(), announced: new Map() };
    lanes.set(id, found);
    return found;
  };
  // An object that came again may lie under a later hour as well: the first one counts.
  const note = (arrivals: Map<number, number>, seq: number, arrived: number) =>
    arrivals.set(seq, Math.min(arrived, arrivals.get(seq) ?? arrived));
  const isWhole = (id: string) => isValid(id) && decodeTime(id) >= since + AHEAD;

  return {
    add: ({ id, seq }: { readonly id: string; readonly seq: number }, arrived: number) =>
      void note(laneOf(id).archived, seq, arrived),
    /** Tells of a number that was given, whether or not its record is there. */
    announce: (id: string, seq: number, arrived: number) => void note(laneOf(id).announced, seq, arrived),
    /** Tells that a lane ended in doubt at a number. Those before it were given; of a lane that opened earlier they may lie far back. */
    end(id: string, seq: number, arrived: number): void {
      if (seq > 0 && isWhole(id)) note(laneOf(id).announced, seq - 1, arrived);
    },
    counted() {
      let archived = 0;
      let missing = 0;
      for (const [id, lane] of lanes) {
        for (const arrived of lane.archived.values()) if (arrived === hour) archived += 1;
        missing += missingOf(lane, { hour, since, isWhole: isWhole(id) });
      }
      return { records: archived + missing, archived };
    },
  };
}

/**
 * Numbers of a lane that are not there, where what tells of them arrived in the hour. A record arrives after those before it in its
 * lane: so behind one that is surely shown all are shown.
 */
function missingOf(
  { archived, announced }: Lane,
  { hour, since, isWhole }: { readonly hour: number; readonly since: number; readonly isWhole: boolean },
): number {
  const known = [...new Set([...archived.keys(), ...announced.keys()])].sort((one, other) => one - other);
  let next = isWhole ? 0 : undefined;
  let missing = 0;
  for (const seq of known) {
    const isThere = archived.has(seq);
    const arrived = (isThere ? archived : announced).get(seq) ?? 0;
    if (arrived === hour) missing += seq - (next ?? seq) + (isThere ? 0 : 1);
    if (next !== undefined || arrived >= since) next = seq + 1;
  }
  return missing;
}
