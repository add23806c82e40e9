import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import { type BegunObject, HOUR, type ManifestEntry } from "../domain/evidence/digest.ts";
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
  /** Notes an object before a vault holds it; the same again changes nothing. */
  begin(object: BegunObject, now: number): Promise<void>;
  /** Notes an object, once both vaults hold it; the same again changes nothing. */
  note(entry: ManifestEntry, now: number): Promise<void>;
  /** What was noted in the hour that a time falls in. */
  of(time: number): Promise<Noted>;
}

/** What was noted in an hour. */
export interface Noted {
  readonly entries: readonly ManifestEntry[];
  /** All that were begun, whether or not they were finished. */
  readonly begun: readonly BegunObject[];
}

/** Sort keys of what was begun; those of entries are their objects' own. */
const BEGUN = "begun/";

export function manifest(environment: Environment): Manifest {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const TableName = requireEnv(environment, ENV.ledgerTable);
  const put = async (sk: string, object: string, now: number) => {
    const Item = {
      pk: { S: partition(now) },
      sk: { S: sk },
      object: { S: object },
      expiresAt: { N: String(Math.floor(now / 1000) + DAYS * 86_400) },
    };
    try {
      await client.send(new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(pk)" }));
    } catch (cause) {
      // Named by its content: what is there under this key is this object.
      if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
    }
  };
  return {
    begin: (object, now) => put(`${BEGUN}${object.key}`, canonical(object), now),
    note: (entry, now) => put(entry.key, canonical(entry), now),
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
      const begun: BegunObject[] = [];
      for await (const { Items = [] } of pages)
        for (const { sk, object } of Items) {
          if (object?.S === undefined) continue;
          if (sk?.S?.startsWith(BEGUN)) begun.push(JSON.parse(object.S));
          else entries.push(JSON.parse(object.S));
        }
      return { entries, begun };
    },
  };
}

/** `manifest#YYYY-MM-DDTHH`. */
const partition = (time: number) => `manifest#${new Date(Math.floor(time / HOUR) * HOUR).toISOString().slice(0, 13)}`;
