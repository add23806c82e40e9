import { DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";
import { textOf } from "./ledger-item.ts";
import { SHARDS } from "./ledger-table.ts";

/** What the ledger still holds of a session. */
export interface SessionRecords {
  /** Records with ids of a time (milliseconds since the epoch, both included), as they are at this very moment. */
  between(session: string, from: number, until: number): Promise<LedgerRecord[]>;
}

export function sessionRecords(environment: Environment): SessionRecords {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const TableName = requireEnv(environment, ENV.ledgerTable);

  const ofShard = async (session: string, shard: number, from: number, until: number) => {
    const records: LedgerRecord[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :until",
        ExpressionAttributeValues: {
          ":pk": { S: `${session}#${shard}` },
          ":from": { S: new Date(from).toISOString() },
          // Behind the time stands the record's id: everything of that millisecond sorts before this.
          ":until": { S: `${new Date(until).toISOString()}$` },
        },
        ProjectionExpression: "line",
      },
    );
    for await (const { Items = [] } of pages)
      records.push(...Items.flatMap((item) => textOf(item) ?? []).map((text) => JSON.parse(text) as LedgerRecord));
    return records;
  };

  return {
    async between(session, from, until) {
      const shards = Array.from({ length: SHARDS }, (_, shard) => ofShard(session, shard, from, until));
      return (await Promise.all(shards)).flat();
    },
  };
}
