import type { ApiMetrics } from "../aws/api-metrics.ts";
import { countHour } from "../domain/evidence/hourly-count.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import type { LineReader } from "./look-through.ts";
import { hoursAround } from "./plan.ts";

export interface Compared {
  /** RFC 3339 UTC: begin of the hour. */
  readonly hour: string;
  /** Requests that API Gateway served on the MCP paths, and those of them that left a record. */
  readonly served: number;
  readonly recorded: number;
  /** Records that writers numbered, and ids of records that the archive holds. */
  readonly records: number;
  readonly archived: number;
  readonly missingRequests: number;
  readonly missingRecords: number;
}

/** Compares, for one hour, what API Gateway served, what was recorded and what was archived: once it was given the lines. */
export function hourCount(hour: number): LineReader & { readonly compared: (api: ApiMetrics) => Promise<Compared> } {
  const records: LedgerRecord[] = [];
  return {
    hours: hoursAround(hour),
    take: (line) => void records.push(counted(line)),
    async compared(api) {
      const [served, count] = [await api.servedIn(hour), countHour(hour, records)];
      return {
        hour: new Date(hour).toISOString(),
        served,
        recorded: count.requests,
        records: count.records,
        archived: count.archived,
        missingRequests: Math.max(0, served - count.requests),
        missingRecords: Math.max(0, count.records - count.archived),
      };
    },
  };
}

/** Of a line only what is counted, so that an hour's bodies are not kept in memory. */
function counted(line: string): LedgerRecord {
  const { id, recordedAt, source, writer } = JSON.parse(line) as LedgerRecord;
  return { id, recordedAt, source, writer } as LedgerRecord;
}
