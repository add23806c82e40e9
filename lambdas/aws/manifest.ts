import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import { HOUR, type ManifestEntry } from "../domain/evidence/digest.ts";
import { canonical } from "../domain/json/canonical.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** Days that an entry is kept: as long as a digester may be down without a gap. */
const DAYS = 30;

/**
 * What was archived, by the hour in which it was written down. It lies in the ledger's table, whose own policy keeps
 * everybody from taking an entry back before a digest has sealed it.
 */
export interface Manifest {
  /** Notes an object, once both vaults hold it; the same again changes nothing. */
  note(entry: ManifestEntry, now: number): Promise<void>;
  /** What was noted in the hour that a time falls in. */
  of(time: number): Promise<ManifestEntry[]>;
}

export function manifest(environment: Environment): Manifest {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const TableName = requireEnv(environment, ENV.ledgerTable);
  return {
    async note(entry, now) {
      const Item = {
        pk: { S: partition(now) },
        sk: { S: entry.key },
        object: { S: canonical(entry) },
        expiresAt: { N: String(Math.floor(now / 1000) + DAYS * 86_400) },
      };
      try {
        await client.send(new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(pk)" }));
      } catch (cause) {
        // Named by its content: what is there under this key is this object.
        if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
      }
    },
    async of(time) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :hour",
          ExpressionAttributeValues: { ":hour": { S: partition(time) } },
        },
      );
      const entries: ManifestEntry[] = [];
      for await (const { Items = [] } of pages)
        entries.push(...Items.flatMap(({ object }) => (object?.S === undefined ? [] : [JSON.parse(object.S)])));
      return entries;
    },
  };
}

/** `manifest#YYYY-MM-DDTHH`. */
const partition = (time: number) => `manifest#${new Date(Math.floor(time / HOUR) * HOUR).toISOString().slice(0, 13)}`;
