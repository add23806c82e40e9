import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { CountersignError } from "../domain/error.ts";
import type { Line } from "../domain/evidence/line.ts";
import type { Ledger } from "../domain/evidence/writer.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** Shards of a session's partition, so that one busy session does not heat one partition. */
const SHARDS = 4;
/** Puts that are in doubt are repeated as the same item this often. */
const TRIES = 2;

/** The append-only table. An item is written once; the table's own policy denies everything else. */
export function ledgerTable(environment: Environment, hotDays: number): Ledger {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const table = requireEnv(environment, ENV.ledgerTable);
  return {
    async put(line) {
      const input: PutItemCommandInput = {
        TableName: table,
        Item: itemOf(line, hotDays),
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      };
      for (let attempt = 1; ; attempt += 1) {
        try {
          await client.send(new PutItemCommand(input));
          return;
        } catch (cause) {
          // An answer was lost and the item is there: an equal hash says that it is ours.
          if (cause instanceof ConditionalCheckFailedException) {
            if (cause.Item?.hash?.S === line.hash) return;
            throw new CountersignError("evidence_unavailable", "another record has this key", { cause });
          }
          if (attempt === TRIES)
            throw new CountersignError("evidence_unavailable", "the ledger does not answer", { cause });
        }
      }
    },
  };
}

function itemOf({ record, text, hash, sealed }: Line, hotDays: number): PutItemCommandInput["Item"] {
  const shard = (record.id.codePointAt(record.id.length - 1) ?? 0) % SHARDS;
  const expiresAt = Math.floor(Date.parse(record.recordedAt) / 1000) + hotDays * 86_400;
  return {
    pk: { S: `${record.session}#${shard}` },
    sk: { S: `${record.recordedAt}#${record.id}` },
    line: { S: text },
    hash: { S: hash },
    expiresAt: { N: String(expiresAt) },
    ...(sealed.request === undefined ? {} : { sealedRequest: { S: sealed.request } }),
    ...(sealed.response === undefined ? {} : { sealedResponse: { S: sealed.response } }),
  };
}
