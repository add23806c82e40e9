import type { DynamoDBRecord } from "aws-lambda";
import type { RecordEntry } from "../domain/evidence/record.ts";
import { imagesOf } from "../streams/image.ts";

/** Shards of a session stand behind it in the partition key. */
const SHARD = /#\d$/;

/** What the stream told of a change that nobody may make, beside the session whose record it was. */
export function tamperedEntry(change: DynamoDBRecord): RecordEntry {
  const { eventName = "unknown", userIdentity, dynamodb } = change;
  const { before, after } = imagesOf(change);
  const [pk, sk] = [dynamodb?.Keys?.pk?.S ?? "unknown", dynamodb?.Keys?.sk?.S ?? "unknown"];
  const by = userIdentity === undefined ? "the stream does not say" : JSON.stringify(userIdentity);
  const hash = (image: Readonly<Record<string, unknown>> | undefined) =>
    image === undefined ? "nothing" : `an item of hash ${String(image.hash ?? "none")}`;
  return {
    type: "ledger.tampered",
    // DynamoDB tells whole seconds.
    occurredAt: new Date((dynamodb?.ApproximateCreationDateTime ?? 0) * 1000).toISOString(),
    session: pk.replace(SHARD, ""),
    method: eventName,
    target: `${pk} ${sk}`,
    outcome: "tampered",
    reason: `before: ${hash(before)}; after: ${hash(after)}; by: ${by}`,
  };
}
