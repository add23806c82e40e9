import type { ApiMetrics } from "../aws/api-metrics.ts";
import type { Manifest } from "../aws/manifest.ts";
import type { Vault } from "../aws/vault.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import { countHour } from "../domain/evidence/hourly-count.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";

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

/** Compares, for one hour, what API Gateway served, what was recorded and what was archived. */
export async function compareHour(
  hour: number,
  { api, manifest, vault }: { readonly api: ApiMetrics; readonly manifest: Manifest; readonly vault: Vault },
): Promise<Compared> {
  const keys = new Set<string>();
  // From the hour before, for the numbers that went before; until two hours after, for what arrived late.
  for (let at = hour - HOUR; at <= hour + 2 * HOUR; at += HOUR)
    for (const { key } of (await manifest.of(at)).entries) keys.add(key);
  const records: LedgerRecord[] = [];
  for (const key of keys)
    for (const line of (await vault.get(key)).split("\n")) if (line !== "") records.push(counted(line));
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
}

/** Of a line only what is counted, so that an hour's bodies are not kept in memory. */
function counted(line: string): LedgerRecord {
  const { id, recordedAt, source, writer } = JSON.parse(line) as LedgerRecord;
  return { id, recordedAt, source, writer } as LedgerRecord;
}
