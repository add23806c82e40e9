import type { Parameters } from "fast-check";

/** One seed for every fuzz test, so that a run can be repeated; FUZZ_SEED tries another. fast-check prints it when a property fails. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_728);
/** Multiplies the number of runs, for a long search by hand. */
const FACTOR = Number(process.env.FUZZ_FACTOR ?? 1);

/** Settings of one property: how many runs, ended early on a slow machine. */
export const runs = <T>(numRuns: number): Parameters<T> => ({
  seed: SEED,
  numRuns: numRuns * FACTOR,
  interruptAfterTimeLimit: 8000 * FACTOR,
});
