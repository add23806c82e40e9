import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  GetCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Approval, ApprovalDecision, ApprovalStatus, StoredOutcome } from "../domain/approval/approval.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** The newest attempt of a call. */
export interface Head {
  readonly attempt: number;
  readonly approvalId: string;
}

/** The approvals table. Every write is conditional: who comes second changes nothing and is told so by `false`. */
export interface ApprovalsTable {
  head(callDigest: string): Promise<Head | undefined>;
  get(id: string): Promise<Approval | undefined>;
  /** Opens an attempt if the head is still the one that was seen. */
  open(row: Approval, seen: Head | undefined): Promise<boolean>;
  list(): Promise<Approval[]>;
  /** Adds a decision if the row is still PENDING and has exactly the decisions that were seen. */
  decide(row: Approval, decision: ApprovalDecision, status: ApprovalStatus, until: number): Promise<boolean>;
  /** APPROVED to EXECUTING: who gets true, and nobody else, runs the call. */
  consume(id: string, call: string, now: number, until: number): Promise<boolean>;
  /** EXECUTING, by this call, to what came of it. */
  settle(id: string, call: string, change: Settled, now: number): Promise<boolean>;
}

export type Settled =
  | { readonly status: "COMPLETED"; readonly outcome: StoredOutcome }
  | { readonly status: "APPROVED"; readonly until: number }
  | { readonly status: "UNKNOWN" };

/** Rows go this long after their deadline; what happened stays in the ledger and the vaults. */
const KEPT_SECONDS = 30 * 86_400;

const keyOf = (id: string) => ({ pk: `approval#${id}`, sk: "state" });
const headKey = (callDigest: string) => ({ pk: `call#${callDigest}`, sk: "head" });

export function approvalsTable(environment: Environment): ApprovalsTable {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(environment, "DYNAMODB")), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const TableName = requireEnv(environment, ENV.approvalsTable);

  const update = async (
    id: string,
    set: Record<string, unknown>,
    condition: string,
    values: Record<string, unknown>,
  ) => {
    const names = Object.keys(set);
    try {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(id),
          UpdateExpression: `SET ${names.map((name) => `#${name} = :set_${name}`).join(", ")}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: {
            "#status": "status",
            ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ...values,
            ...Object.fromEntries(names.map((name) => [`:set_${name}`, set[name]])),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  const get = async (id: string) => {
    const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(id), ConsistentRead: true }));
    return Item as Approval | undefined;
  };

  return {
    async head(callDigest) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: headKey(callDigest), ConsistentRead: true }));
      return Item as Head | undefined;
    },
    get,
    async open(row, seen) {
      const head = { ...headKey(row.callDigest), attempt: row.attempt, approvalId: row.id };
      const onHead = seen
        ? { ConditionExpression: "attempt = :seen", ExpressionAttributeValues: { ":seen": seen.attempt } }
        : { ConditionExpression: "attribute_not_exists(pk)" };
      const items = [
        {
          Put: {
            TableName,
            Item: { ...keyOf(row.id), ...row, expiresAt: Math.ceil(row.deadline / 1000) + KEPT_SECONDS },
            ConditionExpression: "attribute_not_exists(pk)",
          },
        },
        { Put: { TableName, Item: head, ...onHead } },
      ];
      try {
        await client.send(new TransactWriteCommand({ TransactItems: items }));
        return true;
      } catch (error) {
        if (error instanceof TransactionCanceledException) return false;
        throw error;
      }
    },
    async list() {
      const found: Approval[] = [];
      for (let next: Record<string, unknown> | undefined; ; ) {
        const page = await client.send(
          new ScanCommand({
            TableName,
            FilterExpression: "sk = :state",
            ExpressionAttributeValues: { ":state": "state" },
            ExclusiveStartKey: next,
          }),
        );
        found.push(...((page.Items ?? []) as Approval[]));
        next = page.LastEvaluatedKey;
        if (next === undefined) return found.sort((a, b) => b.createdAt - a.createdAt);
      }
    },
    async decide(row, decision, status, until) {
      const set = {
        decisions: [...row.decisions, decision],
        status,
        ...(status === "PENDING" ? {} : { decidedAt: decision.at, until }),
      };
      const condition = "#status = :pending AND size(#decisions) = :seen AND deadline > :now";
      const values = { ":pending": "PENDING", ":seen": row.decisions.length, ":now": decision.at };
      if (await update(row.id, set, condition, values)) return true;
      // The answer may have been lost and the write repeated: then the decision that is there is this one.
      const there = (await get(row.id))?.decisions[row.decisions.length];
      return there?.person === decision.person && there.at === decision.at;
    },
    async consume(id, call, now, until) {
      const set = { status: "EXECUTING", executedBy: call, executedAt: now, until };
      const values = { ":approved": "APPROVED", ":now": now };
      if (await update(id, set, "#status = :approved AND #until > :now", values)) return true;
      const row = await get(id);
      return row?.status === "EXECUTING" && row.executedBy === call;
    },
    settle: (id, call, change, now) =>
      update(id, { ...change, completedAt: now }, "#status = :executing AND executedBy = :call", {
        ":executing": "EXECUTING",
        ":call": call,
      }),
  };
}
