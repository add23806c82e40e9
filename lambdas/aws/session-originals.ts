import { DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import { decodeTime } from "ulid";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";
import { sealedOf, textOf } from "./ledger-item.ts";
import { SHARDS } from "./ledger-table.ts";

/** A record of the ledger with what is sealed beside it. */
export interface LedgerOriginal {
  readonly record: LedgerRecord;
  readonly sealed: { readonly request?: string; readonly response?: string };
}

/** What the ledger still holds of a session: records that masking changed, by their ids. */
export interface SessionOriginals {
  readonly lines: readonly LedgerOriginal[];
  /** Whether there was any record at all from the beginning on. */
  readonly known: boolean;
}

/**
 * @param begin id of the first record that is wanted; undefined for the first of the session
 * @param most lines that are wanted
 */
export function sessionOriginals(environment: Environment) {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB", 10_000));
  const TableName = requireEnv(environment, ENV.ledgerTable);

  const ofShard = async (session: string, shard: number, begin: string, most: number) => {
    const from = begin === "" ? "0" : new Date(decodeTime(begin)).toISOString();
    const lines: LedgerOriginal[] = [];
    let known = false;
    const pages = paginateQuery(
      { client },
      {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND sk >= :from",
        ExpressionAttributeValues: { ":pk": { S: `${session}#${shard}` }, ":from": { S: from } },
        ProjectionExpression: "line, sealedRequest, sealedResponse",
      },
    );
    for await (const { Items = [] } of pages) {
      known ||= Items.length > 0;
      for (const item of Items) {
        const record = JSON.parse(textOf(item) ?? "{}") as LedgerRecord;
        if (record.id < begin || !(record.request?.sealedHash || record.response?.sealedHash)) continue;
        lines.push({ record, sealed: sealedOf(item) });
      }
      if (lines.length >= most) break;
    }
    return { lines, known };
  };

  return async (session: string, begin: string | undefined, most: number): Promise<SessionOriginals> => {
    const shards = Array.from({ length: SHARDS }, (_, shard) => ofShard(session, shard, begin ?? "", most));
    const found = await Promise.all(shards);
    return {
      lines: found
        .flatMap(({ lines }) => lines)
        .sort((one, other) => (one.record.id < other.record.id ? -1 : 1))
        .slice(0, most),
      known: found.some(({ known }) => known),
    };
  };
}
