import type { HoldProgress, HoldRow } from "../aws/holds-table.ts";
import type { Room } from "./room.ts";

/** A run's way with one hold. */
export interface Course {
  /** How far it has come. */
  readonly done: HoldProgress;
  /** Whether there is time, and nobody has lifted the hold meanwhile. */
  readonly goesOn: () => boolean;
  note(change: Partial<HoldProgress>): Promise<void>;
  /** Counts objects that are kept from now on; they are noted with the next note. */
  count(objects: number): void;
}

/**
 * Begins a run's turn with a hold, and notes that it has had one.
 *
 * @param begin where it goes on
 * @param at milliseconds since the epoch: begin of the run
 */
export async function courseOf(
  hold: HoldRow,
  begin: HoldProgress,
  { holds }: Room,
  at: number,
  hasTime: () => boolean,
): Promise<Course> {
  let done = begin;
  let lifted = false;
  const note = async (change: Partial<HoldProgress>) => {
    done = { ...done, ...change };
    lifted = !(await holds.progress(hold, done));
  };
  await note({ turn: at });
  return {
    get done() {
      return done;
    },
    goesOn: () => !lifted && hasTime(),
    note,
    count: (objects) => {
      done = { ...done, objects: done.objects + objects };
    },
  };
}
