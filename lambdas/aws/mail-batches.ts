import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** The approvals that a group is to be told of in one minute. */
export interface MailBatch {
  readonly group: string;
  readonly key: { readonly pk: string; readonly sk: string };
  /** Milliseconds since the epoch when its minute ends. */
  readonly endsAt: number;
  /** In the order in which they came; one may be there twice. */
  readonly ids: readonly string[];
  /** Where the console is. */
  readonly baseUrl: string;
}

/** The minutes of mails that the approval flow keeps in the approvals table (`lib/constructs/approval-states.ts`). */
export interface MailBatches {
  /** A group's minutes that are not settled, the oldest first. */
  of(group: string): Promise<MailBatch[]>;
  /** Takes a minute away when all in it were told of. False when another approval came into it meanwhile. */
  settle(batch: MailBatch): Promise<boolean>;
}

const PREFIX = "minute#";
const MINUTE_MS = 60_000;

export function mailBatches(environment: Environment): MailBatches {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(environment, "DYNAMODB")));
  const TableName = requireEnv(environment, ENV.approvalsTable);
  return {
    async of(group) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :minute)",
          ExpressionAttributeValues: { ":pk": `mail#${group}`, ":minute": PREFIX },
          ConsistentRead: true,
        },
      );
      const found: MailBatch[] = [];
      for await (const { Items = [] } of pages) found.push(...Items.map((item) => batchOf(group, item)));
      return found;
    },
    async settle({ key, ids }) {
      try {
        await client.send(
          new DeleteCommand({
            TableName,
            Key: key,
            // Two sweeps may settle one minute: the later one finds nothing there to measure.
            ConditionExpression: "attribute_exists(waiting) AND size(waiting) = :seen",
            ExpressionAttributeValues: { ":seen": ids.length },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

function batchOf(group: string, item: Readonly<Record<string, unknown>>): MailBatch {
  const { pk, sk, baseUrl, waiting } = item as {
    pk: string;
    sk: string;
    baseUrl: string;
    waiting: readonly string[];
  };
  const endsAt = Date.parse(`${sk.slice(PREFIX.length)}:00Z`) + MINUTE_MS;
  return { group, key: { pk, sk }, endsAt, ids: waiting, baseUrl };
}
