import { setTimeout as sleep } from "node:timers/promises";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  paginateScan,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { isOver, USED, type UsageWindow } from "../domain/usage/usage.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";
import { dynamoDbWire, type WireItem } from "./dynamodb-wire.ts";

/** What a principal's row says beside a call. */
export interface PrincipalRow {
  readonly blocked: boolean;
  /** When it was blocked last, in milliseconds since the epoch, whether it still is or not; null: never. */
  readonly blockedAt: number | null;
  readonly calls: number;
  /** Calls in each window of time that is counted, by its name. */
  readonly used: ReadonlyMap<string, number>;
  /**
   * What it keeps open, such as `stream:<session>:<call>` or `wait:<what its client calls it>:<call>`, and what it has just asked for
   * (`asked:<call>`, `review:<call>`), to the time, in milliseconds since the epoch, when it ends at the latest.
   */
  readonly open: ReadonlyMap<string, number>;
  /** Grows with each change of `open`. */
  readonly openVersion: number;
}

/** Whether a principal is blocked, or was since a time: a block ends what was asked for before it, also where it has been lifted. */
export const isBlockedSince = (
  { blocked, blockedAt }: Pick<PrincipalRow, "blocked" | "blockedAt">,
  time: number,
): boolean => blocked || (blockedAt !== null && blockedAt >= time);

/** Kinds of exchanges that last, each with a limit of its own. */
export type Lasting = "stream" | "wait" | "asked" | "review";

export interface AccessTable {
  /**
   * Counts the call, in all and in the windows given, and reads the row, in one round trip; a block takes effect at the
   * next call.
   */
  touch(principalId: string, now: number, windows?: readonly UsageWindow[]): Promise<PrincipalRow>;
  /** Reads the row and counts nothing. */
  look(principalId: string): Promise<PrincipalRow>;
  /**
   * Enters an exchange that lasts in the principal's row. Counted there and not in the environment, because in Lambda
   * each environment sees one request.
   *
   * @param until milliseconds since the epoch when it ends at the latest
   * @param most exchanges of this kind that a principal may keep open
   * @param displaces whether the one that ends first makes room when it keeps that many already
   * @returns false when there is no room
   */
  enter(
    principalId: string,
    lasting: {
      readonly kind: Lasting;
      readonly name: string;
      readonly until: number;
      readonly most: number;
      readonly displaces: boolean;
    },
    row: PrincipalRow,
    now: number,
  ): Promise<boolean>;
  leave(principalId: string, kind: Lasting, name: string): Promise<void>;
  /** Takes the place of all whose names begin so, but one; whoever holds such a place finds it gone at its next look. */
  displace(principalId: string, prefix: string, except: string): Promise<void>;
  /** Blocks a principal, known or not; false when it was blocked already. Takes effect at its next call. */
  block(principalId: string, word: AccountWord): Promise<boolean>;
  /** Lets a principal call again; false when it was not blocked. */
  unblock(principalId: string, word: AccountWord): Promise<boolean>;
  /** Every principal that ever called or was blocked, for review; it reads the whole table. */
  principals(): Promise<SeenPrincipal[]>;
}

/** Who did something to a principal's account, why and when (milliseconds since the epoch). */
export interface AccountWord {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

export interface SeenPrincipal {
  readonly id: string;
  readonly calls: number;
  readonly lastUsedAt: number | null;
  readonly blocked: boolean;
  readonly blockedBy: string | null;
  readonly blockReason: string | null;
}

/** Times that a changed row is read again before an exchange is refused; of those that race for a row one wins each time. */
const TRIES = 50;

/** Windows in a row above which those that are over are taken out; 32 of them make it about a kilobyte longer. */
const MOST_USED = 32;
const MOST_FORGOTTEN = 100;

/** The table of principals. */
export function accessTable(environment: Environment): AccessTable {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const send = dynamoDbWire(environment);
  const table = requireEnv(environment, ENV.accessTable);
  const keyOf = (principalId: string) => ({ pk: { S: `principal#${principalId}` }, sk: { S: "state" } });
  const set = async (principalId: string, blocked: boolean, { by, reason, at }: AccountWord) => {
    const word = blocked ? "block" : "unblock";
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(principalId),
          UpdateExpression: `SET blocked = :blocked, ${word}edAt = :at, ${word}edBy = :by, ${word}Reason = :reason`,
          ConditionExpression: blocked ? "attribute_not_exists(blocked) OR blocked = :was" : "blocked = :was",
          ExpressionAttributeValues: {
            ":blocked": { BOOL: blocked },
            ":was": { BOOL: !blocked },
            ":at": { N: String(at) },
            ":by": { S: by },
            ":reason": { S: reason },
          },
        }),
      );
      return true;
    } catch (cause) {
      if (cause instanceof ConditionalCheckFailedException) return false;
      throw cause;
    }
  };
  /**
   * Takes old windows out of the row. A window takes the one before it away by itself; those of a principal that pauses
   * for longer stay, and whoever finds that they have become many sends one request more, beside its call.
   */
  const forget = async (principalId: string, { used }: PrincipalRow, now: number) => {
    const names = [...used.keys()].filter((name) => isOver(name, now)).slice(0, MOST_FORGOTTEN);
    if (names.length < MOST_USED / 2) return;
    await send("UpdateItem", {
      TableName: table,
      Key: keyOf(principalId),
      UpdateExpression: `REMOVE ${names.map((_, at) => `#n${at}`).join(", ")}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#n${at}`, name])),
    });
  };
  return {
    async touch(principalId, now, windows = []) {
      const counted = windows.map((_, at) => `, #used${at} :one`).join("");
      const forgotten = windows.map((_, at) => `#before${at}`).join(", ");
      const names = windows.flatMap(({ name, before }, at) => [
        [`#used${at}`, name],
        [`#before${at}`, before],
      ]);
      const item = await send("UpdateItem", {
        TableName: table,
        Key: keyOf(principalId),
        UpdateExpression: `ADD calls :one${counted} SET lastUsedAt = :now${forgotten === "" ? "" : ` REMOVE ${forgotten}`}`,
        ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
        ExpressionAttributeValues: { ":one": { N: "1" }, ":now": { N: String(now) } },
        ReturnValues: "ALL_NEW",
      });
      const row = rowOf(item);
      // Nobody waits for it, and what it leaves the next one finds.
      if (row.used.size > MOST_USED) forget(principalId, row, now).catch(() => undefined);
      return row;
    },
    async look(principalId) {
      const key = keyOf(principalId);
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "pk = :pk AND sk = :sk",
          ExpressionAttributeValues: { ":pk": key.pk, ":sk": key.sk },
          ConsistentRead: true,
        }),
      );
      return rowOf(Items?.[0]);
    },
    async enter(principalId, { kind, name, until, most, displaces }, row, now) {
      let seen = row;
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const open = [...seen.open].filter(([, ends]) => ends > now);
        const alike = open.filter(([other]) => other.startsWith(`${kind}:`)).sort(([, a], [, b]) => a - b);
        if (alike.length >= most && !displaces) return false;
        const gone = alike.slice(0, Math.max(0, alike.length - most + 1)).map(([other]) => other);
        const kept = [...open.filter(([other]) => !gone.includes(other)), [`${kind}:${name}`, until] as const];
        const entries = kept.map(([entry, at]) => [entry, { N: String(at) }]);
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: keyOf(principalId),
              UpdateExpression: "SET #open = :open, openVersion = :next",
              ConditionExpression: "openVersion = :seen OR (attribute_not_exists(openVersion) AND :seen = :none)",
              ExpressionAttributeNames: { "#open": "open" },
              ExpressionAttributeValues: {
                ":open": { M: Object.fromEntries(entries) },
                ":next": { N: String(seen.openVersion + 1) },
                ":seen": { N: String(seen.openVersion) },
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
    async displace(principalId, prefix, except) {
      const { open } = await this.look(principalId);
      const gone = [...open.keys()].filter((name) => name.startsWith(prefix) && name !== except);
      for (const name of gone) {
        const [kind = "", ...rest] = name.split(":");
        await this.leave(principalId, kind as Lasting, rest.join(":"));
      }
    },
    async leave(principalId, kind, name) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(principalId),
          UpdateExpression: "REMOVE #open.#name ADD openVersion :one",
          ExpressionAttributeNames: { "#open": "open", "#name": `${kind}:${name}` },
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      );
    },
    block: (principalId, word) => set(principalId, true, word),
    unblock: (principalId, word) => set(principalId, false, word),
    async principals() {
      const found: SeenPrincipal[] = [];
      const wanted = {
        TableName: table,
        FilterExpression: "sk = :state",
        ExpressionAttributeValues: { ":state": { S: "state" } },
      };
      for await (const { Items = [] } of paginateScan({ client }, wanted)) found.push(...Items.map(seenOf));
      return found.sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0));
    },
  };
}

const seenOf = (item: Readonly<Record<string, AttributeValue>>): SeenPrincipal => ({
  id: (item.pk?.S ?? "").slice("principal#".length),
  calls: Number(item.calls?.N ?? 0),
  lastUsedAt: item.lastUsedAt?.N === undefined ? null : Number(item.lastUsedAt.N),
  blocked: item.blocked?.BOOL === true,
  blockedBy: item.blockedBy?.S ?? null,
  blockReason: item.blockReason?.S ?? null,
});

const rowOf = (item: Readonly<Record<string, AttributeValue>> | WireItem | undefined): PrincipalRow => ({
  blocked: item?.blocked?.BOOL === true,
  blockedAt: item?.blockedAt?.N === undefined ? null : Number(item.blockedAt.N),
  calls: Number(item?.calls?.N ?? 0),
  used: usedOf(item),
  open: new Map(Object.entries(item?.open?.M ?? {}).map(([name, { N }]) => [name, Number(N)])),
  openVersion: Number(item?.openVersion?.N ?? 0),
});

function usedOf(item: Readonly<Record<string, AttributeValue>> | WireItem | undefined): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const name in item) if (name.startsWith(USED)) used.set(name, Number(item[name]?.N));
  return used;
}
