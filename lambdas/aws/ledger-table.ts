import { decodeTime } from "ulid";
import { CountersignError } from "../domain/error.ts";
import type { Line } from "../domain/evidence/line.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import type { Ledger } from "../domain/evidence/writer.ts";
import { canonical } from "../domain/json/canonical.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { DynamoDbError, dynamoDbWire, type WireItem } from "./dynamodb-wire.ts";
import { storedLine, textOf } from "./ledger-item.ts";

/** Shards of a session's partition, so that one busy session does not heat one partition. */
export const SHARDS = 4;
/** Puts that are in doubt are repeated as the same item this often. */
const TRIES = 2;

/** The append-only table. An item is written once; the table's own policy denies everything else. */
export function ledgerTable(environment: Environment, hotDays: number): Ledger {
  const send = dynamoDbWire(environment);
  const table = requireEnv(environment, ENV.ledgerTable);
  return {
    async put(line) {
      const input = {
        TableName: table,
        Item: itemOf(line, hotDays),
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      };
      for (let attempt = 1; ; attempt += 1) {
        try {
          await send("PutItem", input);
          return "written";
        } catch (cause) {
          // An answer was lost and the item is there: an equal hash says that it is ours.
          if (cause instanceof DynamoDbError && cause.name === "ConditionalCheckFailedException") {
            if (cause.item?.hash?.S === line.hash) return "written";
            if (saysTheSame(textOf(cause.item), line)) return "known";
            throw new CountersignError("evidence_unavailable", "another record has this key", { cause });
          }
          if (attempt === TRIES)
            throw new CountersignError("evidence_unavailable", "the ledger does not answer", { cause });
        }
      }
    },
  };
}

/**
 * Whether the line that is there tells what this one tells: it differs in its lane alone, and in when it was written. Of a refusal
 * the reason may differ too: it holds how many came before it, as far as its teller had seen them.
 */
function saysTheSame(there: string | undefined, { record }: Line): boolean {
  if (there === undefined) return false;
  const told = JSON.parse(there) as LedgerRecord;
  const { type, reason, writer, recordedAt } = record;
  const words = type === "access.refused" && reason !== undefined ? { reason } : {};
  return canonical({ ...told, ...words, writer, recordedAt }) === canonical(record);
}

function itemOf(line: Line, hotDays: number): WireItem {
  const { record, hash, signature } = line;
  const shard = (record.id.codePointAt(record.id.length - 1) ?? 0) % SHARDS;
  const expiresAt = Math.floor(Date.parse(record.recordedAt) / 1000) + hotDays * 86_400;
  return {
    pk: { S: `${record.session}#${shard}` },
    // By the id alone, which begins with a time: what is told again, later, is the same item.
    sk: { S: `${new Date(decodeTime(record.id)).toISOString()}#${record.id}` },
    ...storedLine(line),
    hash: { S: hash },
    signature: { S: signature },
    expiresAt: { N: String(expiresAt) },
  };
}
