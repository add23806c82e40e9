import { EVERY_SERVICE, type METRIC } from "./metric-names.ts";
import { operatorLog } from "./operator-log.ts";
import { operatorMetrics } from "./operator-metrics.ts";

/** What a failure of ours is counted as: a record that is not there, or a request that was not answered as it should be. */
export type FailureMetric = typeof METRIC.notRecorded | typeof METRIC.failed;

/**
 * Tells operators of a failure of ours, by a line in the log of the function and a count that an alarm watches. A failure
 * that was told where it happened is not told again by those whom it reaches afterwards.
 *
 * @param what failed, in words
 * @param about ids by which log and ledger are searched, such as `call` and `requestId`; never a body, a token or a secret
 */
export type Tell = (
  metric: FailureMetric,
  what: string,
  thrown: unknown,
  about?: Readonly<Record<string, string | undefined>>,
) => void;

/** Errors that operators know of. */
const told = new WeakSet<Error>();

/** @param service the function in whose log the line stands; the count is one for all of them */
export function operatorFailures(service: string): Tell {
  const log = operatorLog(service);
  const count = operatorMetrics(EVERY_SERVICE);
  return (metric, what, thrown, about = {}) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (isKnown(error)) return;
    told.add(error);
    count(metric);
    log.error(what, { ...about, error });
  };
}

function isKnown(error: Error): boolean {
  for (let each: unknown = error; each instanceof Error; each = each.cause) if (told.has(each)) return true;
  return false;
}
