import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { athenaQueries } from "../aws/athena-queries.ts";
import { sessionRecords } from "../aws/session-records.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import {
  groupReads,
  observed,
  queryEntry,
  type Reads,
  readEntry,
  roleEntry,
  unexplainedEntry,
} from "../domain/evidence/observed.ts";
import { openingSession } from "../domain/evidence/opening.ts";
import type { RecordEntry } from "../domain/evidence/record.ts";
import type { TrailEvent } from "../domain/evidence/trail-event.ts";
import { compileMasking, maskText } from "../domain/masking/index.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { ledgerWriter } from "../ledger-writer.ts";
import { METRIC } from "../metric-names.ts";
import { newIds } from "../new-ids.ts";
import { operatorLog } from "../operator-log.ts";
import { operatorMetrics } from "../operator-metrics.ts";
import { derivedIds } from "../recorder/derived-ids.ts";
import { loadSettings } from "../settings.ts";

/** A message of the queue with what it tells of. */
interface Told {
  readonly message: string;
  readonly event: TrailEvent;
}

/**
 * Brings into the ledger what CloudTrail tells of those who do not come through the gateway: reads of the vaults and the
 * ledger, queries of auditors, uses of the forensic key that no record of the audit function explains, and roles that come to
 * what the gateway's own may. The rules leave out what the deployed roles read and sign. A record is named by the event that it
 * tells of, so that an event that comes twice is told once.
 */
export function createObserver(environment: Environment) {
  const settings = loadSettings(environment);
  const component = "observer";
  const masking = compileMasking(settings.masking);
  const queryText = athenaQueries(environment);
  const sessions = sessionRecords(environment);
  const log = operatorLog(component);
  const count = operatorMetrics(component);
  const { hotDays } = settings.config.retention;
  const writer = ledgerWriter(environment, { component, hotDays, newId: newIds() });
  const names = new Map([
    [requireEnv(environment, ENV.maskedVault), "masked"],
    [requireEnv(environment, ENV.sealedVault), "sealed"],
    [requireEnv(environment, ENV.ledgerTable), "ledger"],
  ]);
  // DynamoDB takes a table's name or its ARN.
  const nameOf = (resource: string) => names.get(resource.split("/").at(-1) ?? "") ?? resource;

  const append = async (entry: RecordEntry, name: string) => {
    await writer.append(entry, {}, derivedIds(name)(Date.parse(entry.occurredAt)));
  };

  const opening = async (event: TrailEvent) => {
    const at = Date.parse(event.eventTime);
    const records =
      event.errorCode !== undefined || event.requestID === undefined
        ? []
        : await sessions.between(openingSession(event.requestID), at - HOUR, at + HOUR);
    if (records.some(({ type, component: by }) => type === "seal.opened" && by === "audit")) return;
    count(METRIC.sealsUnexplained);
    log.error("the forensic key was used, and no record says why", {
      event: event.eventID,
      by: event.userIdentity?.arn,
      error: event.errorCode,
    });
    await append(unexplainedEntry(event), event.eventID);
  };

  const role = async (event: TrailEvent) => {
    const entry = roleEntry(event);
    count(METRIC.rolesUnexplained);
    log.error("a role came to what the gateway's own may", {
      event: event.eventID,
      by: event.userIdentity?.arn,
      request: entry.method,
      target: entry.target,
      error: event.errorCode,
    });
    await append(entry, event.eventID);
  };

  const query = async (event: TrailEvent) => {
    const execution = event.responseElements?.queryExecutionId;
    const original = typeof execution === "string" ? await queryText(execution) : undefined;
    const { text = "", findings = [] } = original === undefined ? {} : maskText(original, masking, () => "");
    await append(
      queryEntry(event, original === undefined ? undefined : { original, masked: text, findings }),
      event.eventID,
    );
  };

  const read = (reads: Reads) => append(readEntry(reads, nameOf), reads.events.map(({ eventID }) => eventID).join("|"));

  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) => {
    const failed = new Set<string>();
    /** Tells of something; what could not be told comes again. */
    const tell = async (events: readonly TrailEvent[], work: () => Promise<void>) => {
      try {
        await work();
      } catch (cause) {
        log.warn("an event of CloudTrail could not be recorded", { event: events[0]?.eventID, cause: String(cause) });
        const ids = new Set(events.map(({ eventID }) => eventID));
        for (const { message, event } of told) if (ids.has(event.eventID)) failed.add(message);
      }
    };
    const told: Told[] = Records.map(({ messageId, body }) => ({
      message: messageId,
      event: (JSON.parse(body) as { readonly detail: TrailEvent }).detail,
    }));
    const reads: TrailEvent[] = [];
    for (const { event } of told) {
      const kind = observed(event);
      if (kind === "opening") await tell([event], () => opening(event));
      if (kind === "role") await tell([event], () => role(event));
      if (kind === "query") await tell([event], () => query(event));
      if (kind === "read") reads.push(event);
    }
    for (const group of groupReads(reads)) await tell(group.events, () => read(group));
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  });
}
