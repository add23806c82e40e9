import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, paginateQuery, paginateScan, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Grant } from "../domain/approval/grant.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** Seconds that a grant's row stays after it ended; what happened stays in the ledger and the vaults. */
const KEPT_SECONDS = 90 * 86_400;

/** Grants, each beside its principal's row. Who comes second changes nothing and is told so by `false`. */
export interface GrantsTable {
  get(key: Pick<Grant, "id" | "principal">): Promise<Grant | undefined>;
  /** A principal's grants, newest first, read consistently: one that was ended covers no later call. */
  of(principal: string): Promise<Grant[]>;
  /** Every grant, for review; it reads the whole table. */
  all(): Promise<Grant[]>;
  /** Counts a use if the grant is still in force. */
  use(grant: Grant, now: number): Promise<boolean>;
  /** Ends a grant that is in force. */
  end(grant: Pick<Grant, "id" | "principal">, by: string, reason: string, now: number): Promise<boolean>;
}

const keyOf = ({ principal, id }: Pick<Grant, "id" | "principal">) => ({
  pk: `principal#${principal}`,
  sk: `grant#${id}`,
});

/** The put of a new grant, for the write of the decision that it comes out of. */
export const putOf = (TableName: string, grant: Grant) => ({
  TableName,
  Item: { ...keyOf(grant), ...grant, expiresAt: Math.ceil(grant.endsAt / 1000) + KEPT_SECONDS },
  ConditionExpression: "attribute_not_exists(pk)",
});

export function grantsTable(environment: Environment): GrantsTable {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(environment, "DYNAMODB")));
  const TableName = requireEnv(environment, ENV.accessTable);

  const once = async (command: UpdateCommand): Promise<boolean> => {
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    async get(key) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(key), ConsistentRead: true }));
      return Item as Grant | undefined;
    },
    async of(principal) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :grant)",
          ExpressionAttributeValues: { ":pk": `principal#${principal}`, ":grant": "grant#" },
          ConsistentRead: true,
        },
      );
      return newestFirst(pages);
    },
    all: () =>
      newestFirst(
        paginateScan(
          { client },
          { TableName, FilterExpression: "begins_with(sk, :grant)", ExpressionAttributeValues: { ":grant": "grant#" } },
        ),
      ),
    use: (grant, now) =>
      once(
        new UpdateCommand({
          TableName,
          Key: keyOf(grant),
          UpdateExpression: `SET uses = uses + :one, lastUsedAt = :now${grant.usesLeft === null ? "" : ", usesLeft = usesLeft - :one"}`,
          ConditionExpression: `#status = :active AND endsAt > :now${grant.usesLeft === null ? "" : " AND usesLeft > :none"}`,
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":one": 1,
            ":now": now,
            ":active": "ACTIVE",
            ...(grant.usesLeft === null ? {} : { ":none": 0 }),
          },
        }),
      ),
    end: (grant, by, reason, now) =>
      once(
        new UpdateCommand({
          TableName,
          Key: keyOf(grant),
          UpdateExpression: "SET #status = :ended, endedAt = :now, endedBy = :by, endReason = :reason",
          ConditionExpression: "#status = :active",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":active": "ACTIVE",
            ":ended": "ENDED",
            ":now": now,
            ":by": by,
            ":reason": reason,
          },
        }),
      ),
  };
}

async function newestFirst(pages: AsyncIterable<{ readonly Items?: Record<string, unknown>[] }>): Promise<Grant[]> {
  const found: Grant[] = [];
  for await (const { Items = [] } of pages) found.push(...(Items as unknown as Grant[]));
  return found.sort((a, b) => b.createdAt - a.createdAt);
}
