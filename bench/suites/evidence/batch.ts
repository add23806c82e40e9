import type { DynamoDBStreamEvent } from "aws-lambda";
import { storedLine } from "../../../lambdas/aws/ledger-item.ts";
import { lineOf, NO_PREVIOUS } from "../../../lambdas/domain/evidence/line.ts";
import { newIds } from "../../../lambdas/new-ids.ts";
import { entryOf, plainBody, textOf } from "./samples.ts";

/** A batch of the ledger's stream: records with 2 KB of body each. */
export function archivedBatch(records: number, number: number): DynamoDBStreamEvent {
  const newId = newIds();
  const Records = Array.from({ length: records }, (_, at) => {
    const added = {
      v: 1,
      id: newId(Date.now()),
      recordedAt: new Date().toISOString(),
      component: "gateway",
      writer: { id: `01KAHZ${number}`, seq: at, previous: NO_PREVIOUS },
    } as const;
    const line = lineOf(entryOf(at, plainBody(textOf(2048))), added, {}, () => "s".repeat(86));
    return {
      eventName: "INSERT" as const,
      dynamodb: {
        ApproximateCreationDateTime: Date.now() / 1000,
        NewImage: {
          pk: { S: `${line.record.session}#1` },
          sk: { S: line.record.recordedAt },
          ...storedLine(line),
          hash: { S: line.hash },
          signature: { S: line.signature },
        },
      },
    };
  });
  return { Records };
}
