import { hoursAround, planOf } from "../../lambdas/reconciler/plan.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Minutes between two runs of the reconciler (`lib/gateway-stack.ts`). */
const EVERY = 15;

/** Times that the reconciler reads an object: by its own plan, on average over the minutes in which it runs and an object is noted. */
export function readsByReconciler(): number {
  let reads = 0;
  for (let phase = 0; phase < EVERY; phase += 1)
    for (let run = phase; run < 24 * 60; run += EVERY) {
      const { hours, compared } = planOf({}, DAY + run * MINUTE);
      // Of the run's own hour what was noted before it; of an hour to come nothing.
      for (const hour of new Set([...hours, ...(compared === undefined ? [] : hoursAround(compared))]))
        reads += Math.min(1, Math.max(0, (DAY + run * MINUTE - hour) / HOUR));
    }
  return reads / EVERY / 24;
}

/** Any day at all. */
const DAY = Date.parse("2026-01-01T00:00:00Z");
