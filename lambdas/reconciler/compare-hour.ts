import type { ApiMetrics } from "../aws/api-metrics.ts";
import { arrivalHour } from "../domain/evidence/archive-object.ts";
import { hourCounter } from "../domain/evidence/hourly-count.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import type { LineReader } from "./look-through.ts";
import { hoursAround } from "./plan.ts";

export interface Compared {
  /** RFC 3339 UTC: begin of the hour. */
  readonly hour: string;
  /** Requests that API Gateway served on the MCP paths, and those that left a record. */
  readonly served: number;
  readonly recorded: number;
  /** Those that left a record and may be counted to the hour beside it: so many missing ones may go unseen. */
  readonly atEdges: number;
  /** Records that writers numbered, and those of them that the archive holds. */
  readonly records: number;
  readonly archived: number;
  readonly missingRequests: number;
  readonly missingRecords: number;
}

/** Compares, for one hour, what API Gateway served, what was recorded and what was archived: once it was given the lines. */
export function hourCount(hour: number): LineReader & { readonly compared: (api: ApiMetrics) => Promise<Compared> } {
  const hours = hoursAround(hour);
  // An object is noted when all of it has arrived, so none that is noted earlier holds anything that arrived later.
  const counter = hourCounter(hour, Math.min(...hours));
  return {
    hours,
    take: (line, key) => counter.add(JSON.parse(line) as LedgerRecord, arrivalOf(key)),
    hear: ({ key, writers }) => counter.announce(writers, arrivalOf(key)),
    async compared(api) {
      const [served, count] = [await api.servedIn(hour), counter.counted()];
      return {
        hour: new Date(hour).toISOString(),
        served,
        recorded: count.requests,
        atEdges: count.atEdges,
        records: count.records,
        archived: count.archived,
        missingRequests: Math.max(0, served - count.requests),
        missingRecords: count.records - count.archived,
      };
    },
  };
}

function arrivalOf(key: string): number {
  const hour = arrivalHour(key);
  if (hour === undefined) throw new Error("it lies under no hour of arrival");
  return hour;
}
