import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, paginateQuery, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Approval } from "../domain/approval/approval.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { APPROVALS_INDEX } from "../index-names.ts";
import { clientOptions } from "./clients.ts";

/** A pending approval as it lies in the table. */
export type PendingRow = Approval & { readonly pk: string; readonly sk: string };

/** Where a reading goes on. */
export type Cursor = Readonly<Record<string, unknown>>;

export interface PendingApprovals {
  /**
   * Pending approvals that look forsaken, oldest first: no flow has stored its token, or their time is over.
   *
   * @param before milliseconds since the epoch; younger ones are left alone
   * @param over milliseconds since the epoch; a deadline before it counts as over
   * @param from where the last reading ended; undefined: the oldest
   */
  forsaken(
    before: number,
    over: number,
    from: Cursor | undefined,
  ): Promise<{ readonly rows: readonly PendingRow[]; readonly next: Cursor | undefined }>;
  /** How many approvals wait, and since when the oldest does, in milliseconds since the epoch; null: none waits. */
  waiting(): Promise<{ readonly number: number; readonly oldest: number | null }>;
  /** Marks a pending approval whose time is over as expired. False when somebody was faster. */
  expire(row: PendingRow, now: number): Promise<boolean>;
}

/** The approvals table as the sweeper looks at it. */
export function pendingApprovals(environment: Environment): PendingApprovals {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(environment, "DYNAMODB")));
  const TableName = requireEnv(environment, ENV.approvalsTable);
  return {
    async forsaken(before, over, from) {
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: APPROVALS_INDEX.byStatus,
          KeyConditionExpression: "#status = :pending AND createdAt < :before",
          FilterExpression: "attribute_not_exists(taskToken) OR deadline < :over",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":pending": "PENDING", ":before": before, ":over": over },
          ExclusiveStartKey: from,
        }),
      );
      return { rows: (Items ?? []) as PendingRow[], next: LastEvaluatedKey };
    },
    async waiting() {
      let number = 0;
      let oldest: number | null = null;
      const pages = paginateQuery(
        { client },
        {
          TableName,
          IndexName: APPROVALS_INDEX.byStatus,
          KeyConditionExpression: "#status = :pending",
          ProjectionExpression: "createdAt",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":pending": "PENDING" },
        },
      );
      // The index is in the order of `createdAt`.
      for await (const { Items = [] } of pages) {
        oldest ??= (Items[0]?.createdAt as number | undefined) ?? null;
        number += Items.length;
      }
      return { number, oldest };
    },
    async expire({ pk, sk }, now) {
      try {
        await client.send(
          new UpdateCommand({
            TableName,
            Key: { pk, sk },
            UpdateExpression: "SET #status = :expired REMOVE taskToken",
            ConditionExpression: "#status = :pending AND deadline <= :now",
            ExpressionAttributeNames: { "#status": "status" },
            ExpressionAttributeValues: { ":expired": "EXPIRED", ":pending": "PENDING", ":now": now },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
