import { gunzipSync } from "node:zlib";
import middy from "@middy/core";
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from "aws-lambda";
import type { RecordEntry } from "../domain/evidence/record.ts";
import { type Noted, notedWhy, refusalMeter } from "../domain/identity/refusal-meter.ts";
import { Remembered } from "../domain/remembered.ts";
import type { Environment } from "../environment.ts";
import { ledgerWriter } from "../ledger-writer.ts";
import { METRIC } from "../metric-names.ts";
import { newIds } from "../new-ids.ts";
import { operatorMetrics } from "../operator-metrics.ts";
import { derivedIds } from "../recorder/derived-ids.ts";
import { loadSettings } from "../settings.ts";
import { type RefusedLine, refusedLine } from "./refused-line.ts";

/** Lines whose verdict is kept: more than a batch of CloudWatch's holds, which is a megabyte before it is packed. */
const MOST_LINES = 20_000;

/**
 * Follows the authorizer's log and the API's access log: counts every 401 and 403, whoever gave it, and records those that nobody
 * else records, bounded under flood.
 * What meets unverified tokens has no right to the ledger so, and a refusal waits for no record.
 */
export function createRefusals(environment: Environment) {
  const { config } = loadSettings(environment);
  const component = "refusals";
  const count = operatorMetrics(component);
  const writer = ledgerWriter(environment, { component, hotDays: config.retention.hotDays, newId: newIds() });
  const meter = refusalMeter();
  /** By log line, so that one that is delivered again is not counted again and says the same. */
  const judged = new Remembered<string, Noted | null>(MOST_LINES);

  return middy<CloudWatchLogsEvent, void>().handler(async ({ awslogs }) => {
    const batch = JSON.parse(gunzipSync(Buffer.from(awslogs.data, "base64")).toString()) as CloudWatchLogsDecodedData;
    for (const { id, timestamp, message } of batch.logEvents) {
      const line = refusedLine(message);
      if (line === undefined) continue;
      if (!judged.has(id)) {
        count(METRIC.accessRefused);
        judged.set(id, line === "recorded" ? null : (meter(line.ip, timestamp) ?? null));
      }
      const noted = judged.get(id);
      // Named by the line: delivered again, it is the same record.
      if (line !== "recorded" && noted)
        await writer.append(entryOf(line, noted, timestamp), {}, derivedIds(id)(timestamp));
    }
  });
}

/** Refusals of an hour are one story. */
function entryOf({ why, method, path, ...source }: RefusedLine, noted: Noted, time: number): RecordEntry {
  const occurredAt = new Date(time).toISOString();
  return {
    type: "access.refused",
    occurredAt,
    session: `refusals-${occurredAt.slice(0, 13)}`,
    method,
    target: path,
    outcome: "refused",
    reason: notedWhy(why, noted, "of this source"),
    source,
  };
}
