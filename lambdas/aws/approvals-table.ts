import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Approval, ApprovalDecision, ApprovalStatus, StoredOutcome } from "../domain/approval/approval.ts";
import type { Grant } from "../domain/approval/grant.ts";
import { CountersignError } from "../domain/error.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { APPROVALS_INDEX } from "../index-names.ts";
import { clientOptions } from "./clients.ts";
import { putOf } from "./grants-table.ts";

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
  /** One page of an index, newest first; one query. An index may be a moment behind. */
  page(part: IndexPart, options: { readonly limit: number; readonly after?: RowPlace | undefined }): Promise<RowPage>;
  /** The last rows for a tool that somebody decided, newest first, among the latest of each status. */
  decidedLike(server: string, target: string, most: number): Promise<Approval[]>;
  /** What a principal has open: pending, or approved and not used. */
  openOf(principalId: string): Promise<Approval[]>;
  /** What a principal has pending. Read from an index, which may be a moment behind. */
  pendingOf(principalId: string): Promise<Approval[]>;
  /** Calls that a principal ran without their approval, and that nobody has looked at yet. */
  unreviewedOf(principalId: string): Promise<Approval[]>;
  /** What a principal was denied for a tool, newest first. Read from an index, which may be a moment behind. */
  deniedLike(principalId: string, server: string, target: string): Promise<Approval[]>;
  /**
   * Adds a decision if the row is still PENDING and has exactly the decisions that were seen.
   *
   * @param grant what comes out of it: put in force by the same write, so that nobody finds a yes without its grant
   */
  decide(
    row: Approval,
    decision: ApprovalDecision,
    status: ApprovalStatus,
    until: number,
    grant?: Grant | null,
  ): Promise<boolean>;
  /** PENDING, or APPROVED and not begun, to WITHDRAWN. */
  withdraw(id: string, word: NonNullable<Approval["withdrawn"]>): Promise<boolean>;
  /** Notes that the session of a pending approval is over, so that no yes reaches beyond the call; false when it is not PENDING. */
  endSession(id: string): Promise<boolean>;
  /** Notes that a person opened what is masked; false when the row is not PENDING any more. */
  addRevealed(id: string, person: string): Promise<boolean>;
  /** APPROVED to EXECUTING: who gets true, and nobody else, runs the call. */
  consume(id: string, call: string, now: number, until: number): Promise<boolean>;
  /** Takes up the next round of a call that is EXECUTING: who gets true, and nobody else, goes on. */
  resume(id: string, call: string, rounds: number, until: number): Promise<boolean>;
  /** EXECUTING, by this call, to what came of it. */
  settle(id: string, call: string, change: Settled, now: number): Promise<boolean>;
}

/** A part of an index: the rows of one status, or of one requester. */
export type IndexPart =
  | { readonly index: typeof APPROVALS_INDEX.byStatus; readonly value: ApprovalStatus }
  | { readonly index: typeof APPROVALS_INDEX.byRequester; readonly value: string };

/** Where a row stands in an index. */
export type RowPlace = Pick<Approval, "id" | "createdAt">;

export interface RowPage {
  readonly rows: readonly Approval[];
  /** Whether there may be older ones. */
  readonly more: boolean;
}

export type Settled =
  | { readonly status: "COMPLETED"; readonly outcome: StoredOutcome }
  | { readonly status: "APPROVED"; readonly until: number }
  /** The server asked for something, or there are more pages: the run goes on with the next call, where `next` says. */
  | { readonly status: "EXECUTING"; readonly rounds: number; readonly until: number; readonly next?: string }
  | { readonly status: "UNKNOWN" };

/** Rows go this long after their deadline; what happened stays in the ledger and the vaults. */
const KEPT_SECONDS = 30 * 86_400;

/** Attribute that parts the rows of an index. */
const ATTRIBUTE = { byStatus: "status", byRequester: "requesterId" } as const;
/** Times that a row which others change is read again. */
const TRIES = 10;
/** Rows of each status that are looked through for those like another. */
const LOOKED_THROUGH = 100;

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
    together?: ReturnType<typeof putOf>,
  ) => {
    const names = Object.keys(set);
    const change = {
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
    };
    for (let attempt = 1; ; attempt += 1)
      try {
        if (together === undefined) await client.send(new UpdateCommand(change));
        else await client.send(new TransactWriteCommand({ TransactItems: [{ Update: change }, { Put: together }] }));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException || error instanceof TransactionCanceledException)
          return false;
        // A decision with its grant is being written to this very row; the SDK does not try again by itself.
        if (!(error instanceof TransactionConflictException) || attempt === TRIES) throw error;
        await sleep(Math.random() * 50 * attempt);
      }
  };

  const get = async (id: string) => {
    const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(id), ConsistentRead: true }));
    return Item as Approval | undefined;
  };

  const ofRequester = async (principalId: string, filter: string, values: Record<string, unknown>) => {
    const found: Approval[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        IndexName: APPROVALS_INDEX.byRequester,
        KeyConditionExpression: "requesterId = :requester",
        FilterExpression: filter,
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":requester": principalId, ...values },
        ScanIndexForward: false,
      },
    );
    for await (const { Items = [] } of pages) found.push(...(Items as Approval[]));
    return found;
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
    async page({ index, value }, { limit, after }) {
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: index,
          KeyConditionExpression: "#part = :part",
          ExpressionAttributeNames: { "#part": ATTRIBUTE[index] },
          ExpressionAttributeValues: { ":part": value },
          ScanIndexForward: false,
          Limit: limit,
          ...(after === undefined
            ? {}
            : { ExclusiveStartKey: { ...keyOf(after.id), [ATTRIBUTE[index]]: value, createdAt: after.createdAt } }),
        }),
      );
      return { rows: (Items ?? []) as Approval[], more: LastEvaluatedKey !== undefined };
    },
    async decidedLike(server, target, most) {
      const pages = await Promise.all(
        (["DENIED", "COMPLETED", "APPROVED"] as const).map((status) =>
          client.send(
            new QueryCommand({
              TableName,
              IndexName: APPROVALS_INDEX.byStatus,
              KeyConditionExpression: "#status = :status",
              FilterExpression: "server = :server AND target = :target",
              ExpressionAttributeNames: { "#status": "status" },
              ExpressionAttributeValues: { ":status": status, ":server": server, ":target": target },
              ScanIndexForward: false,
              Limit: LOOKED_THROUGH,
            }),
          ),
        ),
      );
      return pages
        .flatMap(({ Items }) => (Items ?? []) as Approval[])
        .sort((a, b) => (b.decidedAt ?? b.createdAt) - (a.decidedAt ?? a.createdAt))
        .slice(0, most);
    },
    openOf: (principalId) =>
      ofRequester(principalId, "#status IN (:pending, :approved)", { ":pending": "PENDING", ":approved": "APPROVED" }),
    pendingOf: (principalId) =>
      ofRequester(principalId, "#status = :status AND kind <> :review", { ":status": "PENDING", ":review": "review" }),
    unreviewedOf: (principalId) =>
      ofRequester(principalId, "#status = :status AND kind = :review", { ":status": "PENDING", ":review": "review" }),
    // Access that was asked for ahead and denied stands for each of its tools. A review denies nothing.
    deniedLike: (principalId, server, target) =>
      ofRequester(
        principalId,
        "#status = :status AND server = :server AND kind <> :review AND (target = :target OR contains(access.tools, :target))",
        { ":status": "DENIED", ":server": server, ":target": target, ":review": "review" },
      ),
    async decide(row, decision, status, until, grant = null) {
      const set = {
        decisions: [...row.decisions, decision],
        status,
        ...(status === "PENDING" ? {} : { decidedAt: decision.at, until }),
      };
      // A grant for a session that has ended meanwhile would outlive it.
      const lasting = grant?.session == null ? "" : " AND attribute_not_exists(sessionEnded)";
      const condition = `#status = :pending AND size(#decisions) = :seen AND deadline > :now${lasting}`;
      const values = { ":pending": "PENDING", ":seen": row.decisions.length, ":now": decision.at };
      const put = grant === null ? undefined : putOf(requireEnv(environment, ENV.accessTable), grant);
      if (await update(row.id, set, condition, values, put)) return true;
      // The answer may have been lost and the write repeated: then the decision that is there is this one.
      const there = (await get(row.id))?.decisions[row.decisions.length];
      return there?.person === decision.person && there.at === decision.at;
    },
    withdraw: async (id, word) =>
      (await update(id, { status: "WITHDRAWN", withdrawn: word }, "#status IN (:pending, :approved)", {
        ":pending": "PENDING",
        ":approved": "APPROVED",
      })) || isDeepStrictEqual((await get(id))?.withdrawn, word),
    endSession: (id) => update(id, { sessionEnded: true }, "#status = :pending", { ":pending": "PENDING" }),
    async addRevealed(id, person) {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const row = await get(id);
        if (row?.status !== "PENDING") return false;
        if (row.revealedTo.includes(person)) return true;
        const set = { revealedTo: [...row.revealedTo, person] };
        const values = { ":pending": "PENDING", ":seen": row.revealedTo.length };
        if (await update(id, set, "#status = :pending AND size(#revealedTo) = :seen", values)) return true;
      }
      throw new CountersignError("approval_conflict", "the approval kept changing; try again");
    },
    async consume(id, call, now, until) {
      const set = { status: "EXECUTING", executedBy: call, executedAt: now, until };
      const values = { ":approved": "APPROVED", ":now": now };
      if (await update(id, set, "#status = :approved AND #until > :now", values)) return true;
      const row = await get(id);
      return row?.status === "EXECUTING" && row.executedBy === call;
    },
    // A round that was taken up is marked by its negative, so that its state opens nothing twice.
    resume: (id, call, rounds, until) =>
      update(id, { rounds: -rounds, until }, "#status = :executing AND executedBy = :call AND #rounds = :rounds", {
        ":executing": "EXECUTING",
        ":call": call,
        ":rounds": rounds,
      }),
    settle: (id, call, change, now) =>
      update(id, { ...change, completedAt: now }, "#status = :executing AND executedBy = :call", {
        ":executing": "EXECUTING",
        ":call": call,
      }),
  };
}
