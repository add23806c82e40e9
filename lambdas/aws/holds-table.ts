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
  /** Where a run's time ended in what was noted since: the last key it saw, and when it had begun; null: in the midst of nothing. */
  readonly notedTo: { readonly key: string; readonly begun: number } | null;
  /** The last hour whose digest it keeps or, once lifted, has let go; 0: none. */
  readonly digests: number;
  /** Objects that it keeps, those of both vaults counted. */
  readonly objects: number;
  /** Whether what was lifted is free: nothing is left to do. */
  readonly released: boolean;
  /** Milliseconds since the epoch: begin of the run that last went on with it. 0: none has. */
  readonly turn: number;
}

/** A hold as it lies in the table. */
export type HoldRow = Hold & HoldProgress;

/** Nothing was looked at yet. */
export const BEGIN: HoldProgress = {
  listedTo: "",
  through: 0,
  notedTo: null,
  digests: 0,
  objects: 0,
  released: false,
  turn: 0,
};

/** Legal holds, in the access table. No row is ever deleted. */
export interface HoldsTable {
  put(hold: Hold): Promise<void>;
  all(): Promise<HoldRow[]>;
  /** The first of two people asks. False when somebody has asked, or lifted. */
  askLift(id: string, word: HoldWord): Promise<boolean>;
  /** The second lifts. False when nobody has asked, the first one is the same person, or it is lifted. */
  lift(id: string, word: HoldWord): Promise<boolean>;
  /** Notes how far the holder has come with a row that it read. False when the hold was lifted since: that begins anew. */
  progress(row: Pick<Hold, "id" | "status">, progress: HoldProgress): Promise<boolean>;
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
        "SET #status = :lifted, lifted = :word, listedTo = :begin, digests = :none",
        "#status = :asked AND liftAsked.person <> :person",
        {
          ":begin": BEGIN.listedTo,
          ":none": BEGIN.digests,
          ":asked": "LIFT_ASKED",
          ":lifted": "LIFTED",
          ":word": word,
          ":person": word.person,
        },
      ),
    progress: ({ id, status }, { listedTo, through, notedTo, digests, objects, released, turn }) =>
      change(
        id,
        "SET listedTo = :listedTo, through = :through, notedTo = :notedTo, digests = :digests, objects = :objects, released = :released, turn = :turn",
        // Whoever lifts it sets it back to the beginning: what a run of before then came to says nothing of what is to be let go.
        status === "LIFTED" ? "#status = :lifted" : "attribute_exists(pk) AND #status <> :lifted",
        {
          ":lifted": "LIFTED",
          ":listedTo": listedTo,
          ":through": through,
          ":notedTo": notedTo,
          ":digests": digests,
          ":objects": objects,
          ":released": released,
          ":turn": turn,
        },
      ),
  };
}
