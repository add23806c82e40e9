import middy from "@middy/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { eventBus } from "../aws/event-bus.ts";
import { textOf } from "../aws/ledger-item.ts";
import { isTold } from "../domain/evidence/ocsf/told.ts";
import { type OcsfEvent, ocsfEvent } from "../domain/evidence/ocsf.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import type { Environment } from "../environment.ts";
import { ledgerWriter } from "../ledger-writer.ts";
import { METRIC } from "../metric-names.ts";
import { newIds } from "../new-ids.ts";
import { operatorLog } from "../operator-log.ts";
import { operatorMetrics } from "../operator-metrics.ts";
import { derivedIds } from "../recorder/derived-ids.ts";
import { loadSettings } from "../settings.ts";
import { tamperedEntry } from "./tampered-entry.ts";
import { isTampering } from "./tampering.ts";

/**
 * Follows the ledger's stream: tells new records to the bus as OCSF events, a call by its outcome, and operators and the
 * ledger itself of every change that is not an append. From the first event that the bus did not take the batch is given
 * back, so an event may come twice (`metadata.uid` tells), and none is left out.
 */
export function createExporter(environment: Environment) {
  const bus = eventBus(environment);
  const log = operatorLog("exporter");
  const count = operatorMetrics("exporter");
  const component = "exporter";
  const { retention, export: wish } = loadSettings(environment).config;
  const writer = ledgerWriter(environment, { component, hotDays: retention.hotDays, newId: newIds() });

  /** Named by the stream's event: delivered again, it is the same record. */
  const record = async (change: DynamoDBRecord) => {
    const entry = tamperedEntry(change);
    await writer.append(entry, {}, derivedIds(`tampered|${change.eventID}`)(Date.parse(entry.occurredAt)));
  };

  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async ({ Records }) => {
    const tampered = Records.filter(isTampering);
    for (const { eventName, eventID, userIdentity, dynamodb } of tampered) {
      count(METRIC.ledgerTampered);
      log.error("the ledger was changed, which nobody may", {
        change: eventName,
        eventId: eventID,
        by: userIdentity,
        keys: dynamodb?.Keys,
      });
    }
    // The alarm waits for nothing: who changes the ledger may well keep it from being written to.
    for (const change of tampered) await record(change);
    const told = Records.flatMap((change) => eventOf(change, wish?.received ?? false));
    const taken = await bus.put(told.map(({ event }) => event));
    const first = told.find((_, at) => !taken[at]);
    if (first === undefined) return { batchItemFailures: [] };
    log.warn("the bus did not take an event", { record: first.event.metadata.uid });
    return { batchItemFailures: [{ itemIdentifier: first.sequence }] };
  });
}

interface Told {
  readonly event: OcsfEvent;
  readonly sequence: string;
}

/** The event of a new record that is told; none for other items of the table, such as those of the manifest. */
function eventOf(change: DynamoDBRecord, received: boolean): Told[] {
  if (change.eventName !== "INSERT") return [];
  const { NewImage: item = {}, SequenceNumber: sequence = "" } = change.dynamodb ?? {};
  const text = textOf(item);
  if (text === undefined) return [];
  const record = JSON.parse(text) as LedgerRecord;
  if (!isTold(record, received)) return [];
  return [{ event: ocsfEvent(record, { hash: item.hash?.S ?? "", signature: item.signature?.S ?? "" }), sequence }];
}
