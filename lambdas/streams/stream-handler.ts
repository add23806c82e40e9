import middy from "@middy/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { operatorLog } from "../operator-log.ts";

/**
 * Consumes a table's stream in order. At the first change that fails the rest of the batch is handed back, so that
 * order is kept and nothing is skipped.
 */
export function eachChange(service: string, consume: (change: DynamoDBRecord) => Promise<void>) {
  const log = operatorLog(service);
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async ({ Records }) => {
    for (const change of Records) {
      try {
        await consume(change);
      } catch (error) {
        log.error("a change could not be consumed", {
          eventId: change.eventID,
          error: error instanceof Error ? error : new Error(String(error)),
        });
        return { batchItemFailures: [{ itemIdentifier: change.dynamodb?.SequenceNumber ?? "" }] };
      }
    }
    return { batchItemFailures: [] };
  });
}
