import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** What a principal's row says beside a call. */
export interface PrincipalRow {
  readonly blocked: boolean;
  readonly calls: number;
}

export interface AccessTable {
  /** Counts the call and reads the row, in one round trip; a block takes effect at the next call. */
  touch(principalId: string, now: number): Promise<PrincipalRow>;
}

/** The table of principals. */
export function accessTable(environment: Environment): AccessTable {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const table = requireEnv(environment, ENV.accessTable);
  return {
    async touch(principalId, now) {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: `principal#${principalId}` }, sk: { S: "state" } },
          UpdateExpression: "ADD calls :one SET lastUsedAt = :now",
          ExpressionAttributeValues: { ":one": { N: "1" }, ":now": { N: String(now) } },
          ReturnValues: "ALL_NEW",
        }),
      );
      return { blocked: Attributes?.blocked?.BOOL === true, calls: Number(Attributes?.calls?.N ?? 0) };
    },
  };
}
