import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** How many addresses of a group were confirmed when the sweeper last looked. */
export interface Approvers {
  readonly confirmed: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface ApproversTable {
  of(group: string): Promise<Approvers | undefined>;
  note(group: string, found: Approvers): Promise<void>;
}

/** Milliseconds after which what was found is not relied on: the sweeper looks each hour. */
const STALE_MS = 3 * 3_600_000;

const keyOf = (group: string) => ({ pk: `approvers#${group}`, sk: "state" });

/** What the sweeper found, in the approvals table. */
export function approversTable(environment: Environment): ApproversTable {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(environment, "DYNAMODB")));
  const TableName = requireEnv(environment, ENV.approvalsTable);
  return {
    async of(group) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(group) }));
      return Item as Approvers | undefined;
    },
    async note(group, found) {
      await client.send(new PutCommand({ TableName, Item: { ...keyOf(group), ...found } }));
    },
  };
}

/**
 * How many addresses of an approver group are confirmed, so that a call can be refused at once instead of waiting for
 * nobody: one small read.
 *
 * @returns undefined when it is not known, or no longer surely so: that is no reason to refuse
 */
export function approversOf(environment: Environment): (group: string) => Promise<number | undefined> {
  const table = approversTable(environment);
  return async (group) => {
    const found = await table.of(group);
    return found !== undefined && found.at > Date.now() - STALE_MS ? found.confirmed : undefined;
  };
}
