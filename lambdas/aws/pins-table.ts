import { gunzipSync, gzipSync } from "node:zlib";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  paginateQuery,
  paginateScan,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { sha256Hex } from "../domain/json/canonical.ts";
import { type DefinedTool, textOf } from "../domain/mcp/definition.ts";
import type { ClientMessage, JsonObject } from "../domain/mcp/message.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/**
 * Servers of both eras may write one tool in two ways (2025 wants an object at the root of an `outputSchema`), so a tool
 * has a pin for each.
 */
export type Era = ClientMessage["era"];

/** A tool's definition as a row keeps it. Times are milliseconds since the epoch. */
export interface KeptDefinition {
  readonly digest: string;
  /** Undefined when it was not asked for, or is too large to keep. */
  readonly definition: JsonObject | undefined;
  readonly at: number;
}

/** The row of a tool. */
export interface PinRow {
  readonly server: string;
  readonly era: Era;
  readonly tool: string;
  /** Null while nothing was ever pinned here. */
  readonly pinned: (KeptDefinition & { readonly by: string }) | null;
  /** What the server last said that may not be shown; it stays until somebody pins again. */
  readonly seen: KeptDefinition | null;
}

/** Where a tool's row is. */
export interface PinKey {
  readonly server: string;
  readonly era: Era;
  readonly tool: string;
}

/** A definition that was noted. A server may change its tools at each list: not every change is worth a record. */
export interface Noted {
  /** Whether it is to be recorded: it was not since somebody pinned, and there were few, or none for an hour. */
  readonly record: boolean;
  /** Changes that were noted since the last record, and not recorded. */
  readonly unrecorded: number;
}

/** Definitions of tools, beside the principals. Who comes second changes nothing and is told so by `false`. */
export interface PinsTable {
  get(key: PinKey): Promise<PinRow | undefined>;
  /** The rows of a server's tools, without definitions. */
  of(server: string, era: Era): Promise<PinRow[]>;
  /** Every row; it reads the whole table. */
  all(): Promise<PinRow[]>;
  /** Pins what no one has pinned. @param replaces the pinned digest that gives way; null: there is none */
  pin(key: PinKey, tool: DefinedTool, replaces: string | null, by: string, now: number): Promise<boolean>;
  /**
   * Notes a definition that is not as pinned. Undefined when it was noted already, or is the pinned one.
   * @param isForbidden the configuration allows others alone: then the pinned one is noted too
   */
  note(key: PinKey, tool: DefinedTool, isForbidden: boolean, now: number): Promise<Noted | undefined>;
  /** Pins what was noted, if it is still that. */
  accept(row: PinRow, by: string, now: number): Promise<boolean>;
  /** Forgets what was noted: the pinned definition stands. False when something else is pinned, or nothing was noted. */
  keep(row: PinRow, digest: string): Promise<boolean>;
}

/** Bytes of a definition that a row keeps; a larger one is compared by its digest alone. */
const LARGEST_DEFINITION = 65_536;
/** Definitions of one tool that are recorded as they come, until somebody pins again. */
export const MOST_RECORDED = 20;
/** Milliseconds between two records of a tool that had more. */
export const RECORDED_EVERY = 3_600_000;
/** What is known of the records of a tool's changes; it ends when somebody pins again. */
const TOLD = "told, toldAt, unrecorded";

type Item = Readonly<Record<string, AttributeValue>>;

export function pinsTable(environment: Environment): PinsTable {
  const client = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const TableName = requireEnv(environment, ENV.accessTable);

  /** What the row was before in those attributes; undefined when the condition does not hold. */
  const change = async (
    key: PinKey,
    UpdateExpression: string,
    ConditionExpression: string,
    ExpressionAttributeValues: Record<string, AttributeValue>,
  ): Promise<Item | undefined> => {
    const names = Object.entries({ "#digest": "digest", "#at": "at" }).filter(([name]) =>
      `${UpdateExpression} ${ConditionExpression}`.includes(name),
    );
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(key),
          ReturnValues: "UPDATED_OLD",
          UpdateExpression,
          ConditionExpression,
          ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
          ExpressionAttributeValues,
        }),
      );
      return Attributes ?? {};
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };
  const once = async (...of: Parameters<typeof change>): Promise<boolean> => (await change(...of)) !== undefined;

  return {
    async get(key) {
      const { pk, sk } = keyOf(key);
      const { Items } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :pk AND sk = :sk",
          ExpressionAttributeValues: { ":pk": pk, ":sk": sk },
          ConsistentRead: true,
        }),
      );
      return Items?.[0] && rowOf(Items[0]);
    },
    async of(server, era) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :era)",
          ExpressionAttributeValues: { ":pk": { S: `pins#${server}` }, ":era": { S: `${era}#` } },
          ProjectionExpression: "pk, sk, tool, pinned.#digest, pinned.#by, pinned.#at, seen.#digest, seen.#at",
          ExpressionAttributeNames: { "#digest": "digest", "#by": "by", "#at": "at" },
          ConsistentRead: true,
        },
      );
      return rowsOf(pages);
    },
    all: () =>
      rowsOf(
        paginateScan(
          { client },
          {
            TableName,
            FilterExpression: "begins_with(pk, :pins)",
            ExpressionAttributeValues: { ":pins": { S: "pins#" } },
          },
        ),
      ),
    async pin(key, tool, replaces, by, now) {
      const set = "SET tool = :tool, pinned = :pinned";
      const values = {
        ":tool": { S: key.tool },
        ":pinned": kept(tool, { by: { S: by }, at: { N: String(now) } }),
      };
      if (replaces === null) return once(key, set, "attribute_not_exists(pinned)", values);
      const isThat = "pinned.#digest = :replaces";
      const replacing = { ...values, ":replaces": { S: replaces } };
      // What gave way and what takes its place are no news any more; a third definition that was seen is.
      const isSettled = `${isThat} AND (attribute_not_exists(seen) OR seen.#digest IN (:replaces, :digest))`;
      const settled = { ...replacing, ":digest": { S: tool.digest } };
      return (await once(key, `${set} REMOVE seen, ${TOLD}`, isSettled, settled)) || once(key, set, isThat, replacing);
    },
    async note(key, tool, isForbidden, now) {
      const isUnseen = "(attribute_not_exists(seen) OR seen.#digest <> :digest)";
      const isUnpinned = "(attribute_not_exists(pinned) OR pinned.#digest <> :digest)";
      const isOther = isForbidden ? isUnseen : `${isUnseen} AND ${isUnpinned}`;
      const values = {
        ":tool": { S: key.tool },
        ":seen": kept(tool, { at: { N: String(now) } }),
        ":digest": { S: tool.digest },
      };
      const isNew = `${isOther} AND NOT contains(told, :digest)`;
      const at = { ":now": { N: String(now) } };
      const ways: readonly (readonly [string, string, Item])[] = [
        // One of the first, one after a while, and one of too many or one that was told before.
        [
          "SET tool = :tool, seen = :seen, toldAt = :now REMOVE unrecorded ADD told :digests",
          `${isNew} AND (attribute_not_exists(told) OR size(told) < :most)`,
          { ...at, ":most": { N: String(MOST_RECORDED) }, ":digests": { SS: [tool.digest] } },
        ],
        [
          "SET tool = :tool, seen = :seen, toldAt = :now REMOVE unrecorded",
          `${isNew} AND toldAt <= :before`,
          { ...at, ":before": { N: String(now - RECORDED_EVERY) } },
        ],
        ["SET tool = :tool, seen = :seen ADD unrecorded :one", isOther, { ":one": { N: "1" } }],
      ];
      for (const [update, condition, more] of ways) {
        const before = await change(key, update, condition, { ...values, ...more });
        if (before !== undefined)
          return { record: update.includes("toldAt"), unrecorded: Number(before.unrecorded?.N ?? 0) };
      }
      return undefined;
    },
    async accept({ seen, ...key }, by, now) {
      if (seen === null) return false;
      const { Items } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :pk AND sk = :sk",
          ExpressionAttributeValues: { ":pk": keyOf(key).pk, ":sk": keyOf(key).sk },
          ConsistentRead: true,
        }),
      );
      const noted = Items?.[0]?.seen?.M;
      if (noted === undefined) return false;
      return once(key, `SET pinned = :pinned REMOVE seen, ${TOLD}`, "seen.#digest = :digest", {
        ":pinned": { M: { ...noted, by: { S: by }, at: { N: String(now) } } },
        ":digest": { S: seen.digest },
      });
    },
    keep: (row, digest) =>
      once(row, `REMOVE seen, ${TOLD}`, "pinned.#digest = :digest AND attribute_exists(seen)", {
        ":digest": { S: digest },
      }),
  };
}

/** A tool's name may be longer than a key, and anything. */
const keyOf = ({ server, era, tool }: PinKey) => ({
  pk: { S: `pins#${server}` },
  sk: { S: `${era}#${sha256Hex(tool)}` },
});

function kept({ digest, definition }: DefinedTool, facts: Record<string, AttributeValue>): AttributeValue {
  const text = Buffer.from(textOf(definition));
  // Every review of grants reads past these rows: compressed they cost a quarter.
  const body: Record<string, AttributeValue> =
    text.byteLength > LARGEST_DEFINITION ? {} : { definition: { B: gzipSync(text) } };
  return { M: { digest: { S: digest }, ...facts, ...body } };
}

async function rowsOf(pages: AsyncIterable<{ readonly Items?: Record<string, AttributeValue>[] }>): Promise<PinRow[]> {
  const rows: PinRow[] = [];
  for await (const { Items = [] } of pages) rows.push(...Items.map(rowOf));
  return rows;
}

function rowOf({ pk, sk, tool, pinned, seen }: Item): PinRow {
  const definition = definitionOf(pinned?.M);
  return {
    server: (pk?.S ?? "").slice("pins#".length),
    era: sk?.S?.startsWith("modern#") ? "modern" : "legacy",
    tool: tool?.S ?? "",
    pinned: definition && { ...definition, by: pinned?.M?.by?.S ?? "" },
    seen: definitionOf(seen?.M),
  };
}

function definitionOf(map: Item | undefined): KeptDefinition | null {
  if (map?.digest?.S === undefined) return null;
  const body = map.definition?.B;
  return {
    digest: map.digest.S,
    definition: body && (JSON.parse(gunzipSync(body).toString()) as JsonObject),
    at: Number(map.at?.N ?? 0),
  };
}
