import { setTimeout as sleep } from "node:timers/promises";

/** One call from beginning to end; throws when it did not get what it should. */
export type Shot = () => Promise<unknown>;

/** Milliseconds that a call takes. */
export async function timed(shot: Shot): Promise<number> {
  const begun = performance.now();
  await shot();
  return performance.now() - begun;
}

/** Calls of one kind before the next kind has its turn: short, so that whatever disturbs the machine disturbs all alike. */
const BLOCK = 25;

/** Several kinds of calls in turn, one call at a time. @returns what each call gave, milliseconds as a rule */
export async function inTurn<Name extends string>(
  shots: Readonly<Partial<Record<Name, () => Promise<number>>>>,
  calls: number,
): Promise<Partial<Record<Name, number[]>>> {
  const kinds = Object.entries<(() => Promise<number>) | undefined>(shots).map(([name, shot]) => ({
    name,
    shot,
    times: [] as number[],
  }));
  for (let done = 0; done < calls; done += BLOCK)
    for (const { shot, times } of kinds)
      for (let call = done; shot !== undefined && call < Math.min(done + BLOCK, calls); call += 1)
        times.push(await shot());
  return Object.fromEntries(kinds.map(({ name, times }) => [name, times])) as Partial<Record<Name, number[]>>;
}

/** Closed loop: so many callers, each calling again as soon as it has its answer. @returns calls a second */
export async function saturate(shot: Shot, callers: number, seconds: number): Promise<number> {
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let calls = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await shot();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (calls * 1000) / (performance.now() - begun);
}

/** Closed loop for a number of calls. */
export async function repeat(shot: Shot, callers: number, calls: number): Promise<void> {
  let left = calls;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await shot();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/**
 * Open loop: calls begin at random moments (Poisson), whatever became of the earlier ones. Each is timed from the moment
 * it was meant to begin, so that a stall counts for every call that it delays (no coordinated omission).
 *
 * @param rate calls a second
 * @returns milliseconds of each call
 */
export async function openLoop(shot: Shot, rate: number, seconds: number, random: () => number): Promise<number[]> {
  const begun = performance.now();
  const pending: Promise<number>[] = [];
  const gap = () => (-Math.log(1 - random()) * 1000) / rate;
  for (let due = begun + gap(); due < begun + seconds * 1000; due += gap()) {
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    const intended = due;
    pending.push(shot().then(() => performance.now() - intended));
  }
  return Promise.all(pending);
}
