import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, paginateQuery, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Hold, HoldWord } from "../domain/evidence/hold.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { HOLDS } from "../index-names.ts";
import { clientOptions } from "./clients.ts";

/** How far the holder has come with a hold, or with setting free what was lifted. */
export interface HoldProgress {
  /** Last archive key that was looked at, of those that were there when it began; null: all were. */
  readonly listedTo: string | null;
  /** Milliseconds since the epoch: what was noted before is in that list or was looked at since. 0: not begun. */
  readonly through: number;
  /** The last hour whose digest it keeps; 0: none. */
  readonly digests: number;
  /** Objects that it keeps, those of both vaults counted. */
  readonly objects: number;
  /** Whether what was lifted is free: nothing is left to do. */
  readonly released: boolean;
}

/** A hold as it lies in the table. */
export type HoldRow = Hold & HoldProgress;

/** Nothing was looked at yet. */
export const BEGIN: HoldProgress = { listedTo: "", through: 0, digests: 0, objects: 0, released: false };

/** Legal holds, in the access table. No row is ever deleted. */
export interface HoldsTable {
  put(hold: Hold): Promise<void>;
  all(): Promise<HoldRow[]>;
  /** The first of two people asks. False when somebody has asked, or lifted. */
  askLift(id: string, word: HoldWord): Promise<boolean>;
  /** The second lifts. False when nobody has asked, the first one is the same person, or it is lifted. */
  lift(id: string, word: HoldWord): Promise<boolean>;
  /** Notes how far the holder has come. */
  progress(id: string, progress: HoldProgress): Promise<void>;
}

export function holdsTable(environment: Environment): HoldsTable {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(environment, "DYNAMODB")));
  const TableName = requireEnv(environment, ENV.accessTable);
  const change = async (id: string, update: string, condition: string, values: Readonly<Record<string, unknown>>) => {
    try {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: HOLDS, sk: id },
          UpdateExpression: update,
          ConditionExpression: condition,
          // `status` is a word of DynamoDB's own.
          ...(condition.includes("#status") ? { ExpressionAttributeNames: { "#status": "status" } } : {}),
          ExpressionAttributeValues: values,
        }),
      );
      return true;
    } catch (cause) {
      if (cause instanceof ConditionalCheckFailedException) return false;
      throw cause;
    }
  };
  return {
    async put(hold) {
      const Item = { pk: HOLDS, sk: hold.id, ...hold, ...BEGIN };
      await client.send(new PutCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(pk)" }));
    },
    async all() {
      const rows: HoldRow[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": HOLDS },
        },
      );
      for await (const { Items = [] } of pages) rows.push(...(Items as HoldRow[]));
      return rows;
    },
    askLift: (id, word) =>
      change(id, "SET #status = :asked, liftAsked = :word", "#status = :held", {
        ":asked": "LIFT_ASKED",
        ":held": "HELD",
        ":word": word,
      }),
    lift: (id, word) =>
      change(
        id,
        "SET #status = :lifted, lifted = :word, listedTo = :begin",
        "#status = :asked AND liftAsked.person <> :person",
        {
          ":begin": BEGIN.listedTo,
          ":asked": "LIFT_ASKED",
          ":lifted": "LIFTED",
          ":word": word,
          ":person": word.person,
        },
      ),
    async progress(id, { listedTo, through, digests, objects, released }) {
      await change(
        id,
        "SET listedTo = :listedTo, through = :through, digests = :digests, objects = :objects, released = :released",
        "attribute_exists(pk)",
        { ":listedTo": listedTo, ":through": through, ":digests": digests, ":objects": objects, ":released": released },
      );
    },
  };
}
