import { setTimeout as sleep } from "node:timers/promises";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** What a principal's row says beside a call. */
export interface PrincipalRow {
  readonly blocked: boolean;
  readonly calls: number;
  /** Streams that it keeps open: exchange to the time, in milliseconds since the epoch, when it ends at the latest. */
  readonly streams: ReadonlyMap<string, number>;
  /** Grows with each change of `streams`. */
  readonly streamsVersion: number;
}

export interface AccessTable {
  /** Counts the call and reads the row, in one round trip; a block takes effect at the next call. */
  touch(principalId: string, now: number): Promise<PrincipalRow>;
  /**
   * Enters an open stream in the principal's row. Counted there and not in the environment, because in Lambda each
   * environment sees one request.
   *
   * @param until milliseconds since the epoch when the stream ends at the latest
   * @param most streams that a principal may keep open
   * @returns false when it keeps that many already
   */
  openStream(
    principalId: string,
    stream: { readonly id: string; readonly until: number; readonly most: number },
    row: PrincipalRow,
    now: number,
  ): Promise<boolean>;
  closeStream(principalId: string, id: string): Promise<void>;
}

/** Times that a changed row is read again before a stream is refused; of those that race for a row one wins each time. */
const TRIES = 50;

/** The table of principals. */
export function accessTable(environment: Environment): AccessTable {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const table = requireEnv(environment, ENV.accessTable);
  const keyOf = (principalId: string) => ({ pk: { S: `principal#${principalId}` }, sk: { S: "state" } });
  return {
    async touch(principalId, now) {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(principalId),
          UpdateExpression: "ADD calls :one SET lastUsedAt = :now",
          ExpressionAttributeValues: { ":one": { N: "1" }, ":now": { N: String(now) } },
          ReturnValues: "ALL_NEW",
        }),
      );
      return rowOf(Attributes);
    },
    async openStream(principalId, { id, until, most }, row, now) {
      let seen = row;
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const open = [...seen.streams].filter(([, ends]) => ends > now);
        if (open.length >= most) return false;
        const streams = Object.fromEntries(
          [...open, [id, until] as const].map(([key, at]) => [key, { N: String(at) }]),
        );
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: keyOf(principalId),
              UpdateExpression: "SET streams = :streams, streamsVersion = :next",
              ConditionExpression: "streamsVersion = :seen OR (attribute_not_exists(streamsVersion) AND :seen = :none)",
              ExpressionAttributeValues: {
                ":streams": { M: streams },
                ":next": { N: String(seen.streamsVersion + 1) },
                ":seen": { N: String(seen.streamsVersion) },
                ":none": { N: "0" },
              },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
          );
          return true;
        } catch (cause) {
          if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
          seen = rowOf(cause.Item);
          await sleep(Math.random() * 20);
        }
      }
      return false;
    },
    async closeStream(principalId, id) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(principalId),
          UpdateExpression: "REMOVE streams.#id ADD streamsVersion :one",
          ExpressionAttributeNames: { "#id": id },
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      );
    },
  };
}

const rowOf = (item: Readonly<Record<string, AttributeValue>> | undefined): PrincipalRow => ({
  blocked: item?.blocked?.BOOL === true,
  calls: Number(item?.calls?.N ?? 0),
  streams: new Map(Object.entries(item?.streams?.M ?? {}).map(([id, { N }]) => [id, Number(N)])),
  streamsVersion: Number(item?.streamsVersion?.N ?? 0),
});
