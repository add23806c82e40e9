import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import { HOUR, hourOf } from "../../../lambdas/domain/evidence/digest.ts";
import { APPROVALS_INDEX } from "../../../lambdas/index-names.ts";
import type { LocalAws } from "../../../local/aws.ts";
import type { LoadStack } from "./stack.ts";

/** Milliseconds until what nobody decided on has expired. */
const EXPIRED_BY = 120_000;

/**
 * Waits until everything is written down, archived and sealed.
 *
 * @returns milliseconds since the epoch until when an auditor may expect everything
 */
export async function settle(stack: LoadStack, aws: LocalAws): Promise<number> {
  const pending = () => pendingApprovals(aws, stack.tables.approvals);
  await expect.poll(pending, { timeout: EXPIRED_BY, interval: 500 }).toBe(0);
  await stack.drain();
  await surely(stack.reconcile);
  await stack.drain();
  // The hour is not over: ahead of its time the digester seals what there is.
  const until = Date.now() + HOUR;
  await surely(() => stack.digest(new Date(until).toISOString()));
  return hourOf(until);
}

/** As Lambda does with what nobody waits for: what failed is tried again, twice. */
async function surely(run: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      return await run();
    } catch (cause) {
      if (tries === 3) throw cause;
    }
}

/** How many approvals nobody has decided on, and whose time the flow has not yet seen to be over. */
async function pendingApprovals({ dynamoDb }: LocalAws, table: string): Promise<number> {
  const { Count } = await dynamoDb.send(
    new QueryCommand({
      TableName: table,
      IndexName: APPROVALS_INDEX.byStatus,
      KeyConditionExpression: "#status = :status",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":status": { S: "PENDING" } },
      Select: "COUNT",
    }),
  );
  return Count ?? 0;
}
