import { HOUR, hourOf } from "../domain/evidence/digest.ts";

/** What starts a run: the schedule, or an operator with a wish. */
export interface ReconcilerEvent {
  /** RFC 3339: when the schedule meant it to run, which may be some minutes ago. @default now */
  readonly time?: string;
  /** RFC 3339: an hour whose counts are to be compared. @default the one before the last, in the first run of an hour */
  readonly compare?: string;
  /** Hours to look back, after it did not run for long. @default 2, and 4 in the first run of an hour */
  readonly hours?: number;
}

/** What a run goes through. */
export interface Plan {
  /** Hours of the manifest whose calls are looked at: their begins, milliseconds since the epoch. */
  readonly hours: readonly number[];
  /** Begin of the hour whose counts are compared; undefined for none. */
  readonly compared: number | undefined;
}

/** Minutes of each hour at which the schedule runs it: by a clock, so that every hour has one first run, and away from its ends. */
export const RUN_MINUTES = [3, 18, 33, 48] as const;
/** Milliseconds after the begin of an hour in which a run is its first, which compares the counts of an hour. */
const FIRST = 15 * 60_000;
/** Hours before its own that are compared: one ended long enough ago for what was written to be archived and counted. */
const BACK = 2;
/** Hours of the manifest that hold what an hour is compared by: late arrivals follow, and the numbers before it went before. */
const AROUND = { before: 1, after: 2 } as const;
/** Hours that a run looks at, its own among them: a call ends, or counts as unresolved, within less than one. */
const HOURS = 2;
/** The run that compares looks at the calls of all that it reads for that: whatever other runs missed is found then. */
const HOURS_OF_FIRST = BACK + AROUND.before + 1;
/** Hours that a run can be told to look at: as long as the manifest is kept. */
const MOST_HOURS = 30 * 24;

/**
 * What a run goes through. Each object that it reads is billed, and logged by the trail.
 *
 * @throws Error when the event asks for hours or a time that there are none of
 */
export function planOf({ hours: asked, compare, time }: ReconcilerEvent, now: number): Plan {
  const started = time === undefined ? now : Date.parse(time);
  if (Number.isNaN(started)) throw new Error("time: a time (RFC 3339)");
  const isFirst = started % HOUR < FIRST;
  const back = asked ?? (isFirst ? HOURS_OF_FIRST : HOURS);
  if (!(back >= 1 && back <= MOST_HOURS)) throw new Error(`hours: a number from 1 to ${MOST_HOURS}`);
  const hours: number[] = [];
  for (let at = 0; at < back; at += 1) hours.push(hourOf(started) - at * HOUR);
  if (compare === undefined) return { hours, compared: isFirst ? hourOf(started) - BACK * HOUR : undefined };
  const wish = Date.parse(compare);
  if (Number.isNaN(wish)) throw new Error("compare: a time (RFC 3339)");
  return { hours, compared: hourOf(wish) };
}

/** Hours of the manifest that hold what an hour is compared by. */
export function hoursAround(hour: number): number[] {
  const hours: number[] = [];
  for (let at = -AROUND.before; at <= AROUND.after; at += 1) hours.push(hour + at * HOUR);
  return hours;
}
