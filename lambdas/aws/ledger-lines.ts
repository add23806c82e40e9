import { DynamoDBClient, paginateQuery, paginateScan } from "@aws-sdk/client-dynamodb";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";
import { textOf } from "./ledger-item.ts";
import { SHARDS } from "./ledger-table.ts";

/** The hot ledger, to read: the newest records, before and after the archive has them. Texts as they were hashed. */
export interface LedgerLines {
  ofSession(session: string): Promise<string[]>;
  /** Every record, by reading the whole table: there is no index to keep in step with what is evidence. */
  all(): AsyncGenerator<string>;
}

export function ledgerLines(environment: Environment): LedgerLines {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB", 10_000));
  const TableName = requireEnv(environment, ENV.ledgerTable);
  const ofShard = async (session: string, shard: number) => {
    const lines: string[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        ConsistentRead: true,
        ProjectionExpression: "line",
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: `${session}#${shard}` } },
      },
    );
    for await (const { Items = [] } of pages) lines.push(...Items.flatMap((item) => textOf(item) ?? []));
    return lines;
  };
  return {
    async ofSession(session) {
      const shards = [...Array(SHARDS).keys()];
      return (await Promise.all(shards.map((shard) => ofShard(session, shard)))).flat();
    },
    async *all() {
      const pages = paginateScan({ client }, { TableName, ConsistentRead: true, ProjectionExpression: "line" });
      for await (const { Items = [] } of pages) yield* Items.flatMap((item) => textOf(item) ?? []);
    },
  };
}
