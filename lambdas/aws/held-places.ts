import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** The places where a function holds calls: each is an environment that answers nobody else meanwhile. */
export interface HeldPlaces {
  /**
   * Takes a place.
   *
   * @param call who takes it; no two may be called the same
   * @param until milliseconds since the epoch when it is free again at the latest, whoever died in it
   * @param most places that there are
   * @returns false when all are taken
   */
  enter(call: string, until: number, most: number, now: number): Promise<boolean>;
  leave(call: string): Promise<void>;
}

type Item = Readonly<Record<string, AttributeValue>>;

/** Begins the names of the attributes that hold until when a place is taken. */
const PLACE = "until:";
/** Places of the dead that are cleared at once. */
const MOST_CLEARED = 50;
/** Others may clear the same ones at the same moment. */
const TRIES = 3;

/**
 * One row for each function, in the access table: a count, and until when each place is taken. Kept there and not in the
 * environment, because in Lambda each environment sees one request. Every change of a place changes the count in the
 * same write, so that neither a request that is sent twice nor a race can part them.
 */
export function heldPlaces(environment: Environment): HeldPlaces {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const TableName = requireEnv(environment, ENV.accessTable);
  // The gateway in the VPC and the one outside it have a concurrency of their own; on a laptop there is one function.
  const owner = environment.AWS_LAMBDA_FUNCTION_NAME ?? requireEnv(environment, ENV.service);
  const Key = { pk: { S: `held#${owner}` }, sk: { S: "places" } };

  /** Takes a place, and those of the dead from them, in one write. */
  const take = (call: string, until: number, most: number, dead: readonly string[]) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: `SET #mine = :until ADD held :change${
          dead.length === 0 ? "" : ` REMOVE ${dead.map((_, at) => `#dead${at}`).join(", ")}`
        }`,
        ConditionExpression: [
          "attribute_not_exists(#mine)",
          "(attribute_not_exists(held) OR held < :most)",
          ...dead.map((_, at) => `attribute_exists(#dead${at})`),
        ].join(" AND "),
        ExpressionAttributeNames: Object.fromEntries([
          ["#mine", PLACE + call],
          ...dead.map((name, at) => [`#dead${at}`, name]),
        ]),
        ExpressionAttributeValues: {
          ":until": { N: String(until) },
          ":change": { N: String(1 - dead.length) },
          ":most": { N: String(most + dead.length) },
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );

  return {
    async enter(call, until, most, now) {
      let dead: readonly string[] = [];
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        try {
          await take(call, until, most, dead);
          return true;
        } catch (cause) {
          const item = foundBy(cause);
          // The answer was lost, and the client sent it again.
          if (item[PLACE + call] !== undefined) return true;
          dead = overdue(item, now);
          if (dead.length === 0 && Number(item.held?.N) >= most) return false;
        }
      }
      return false;
    },
    async leave(call) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: "REMOVE #mine ADD held :one",
            ConditionExpression: "attribute_exists(#mine)",
            ExpressionAttributeNames: { "#mine": PLACE + call },
            ExpressionAttributeValues: { ":one": { N: "-1" } },
          }),
        );
      } catch (cause) {
        // Somebody took it for dead.
        foundBy(cause);
      }
    },
  };
}

/** The row that a condition did not fit. @throws the cause when it is something else */
function foundBy(cause: unknown): Item {
  if (cause instanceof ConditionalCheckFailedException) return cause.Item ?? {};
  throw cause;
}

/** Places that their callers should have left by now. */
const overdue = (item: Item, now: number): string[] =>
  Object.keys(item)
    .filter((name) => name.startsWith(PLACE) && Number(item[name]?.N) <= now)
    .slice(0, MOST_CLEARED);
