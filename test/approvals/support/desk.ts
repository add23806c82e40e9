import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, DynamoDBStreamEvent } from "aws-lambda";
import { createApprovals } from "../../../lambdas/approvals/approvals.ts";
import { furnishDesk } from "../../../lambdas/approvals/desk.ts";
import { judgedFields } from "../../../lambdas/approvals/view.ts";
import { accessTable } from "../../../lambdas/aws/access-table.ts";
import { approvalsTable } from "../../../lambdas/aws/approvals-table.ts";
import { grantsTable } from "../../../lambdas/aws/grants-table.ts";
import { textOf } from "../../../lambdas/aws/ledger-item.ts";
import type { Approval } from "../../../lambdas/domain/approval/approval.ts";
import { approvalId } from "../../../lambdas/domain/approval/identity.ts";
import { renderedDigest } from "../../../lambdas/domain/approval/rendered.ts";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";
import { callerToContext } from "../../../lambdas/domain/identity/caller.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { createRecorder } from "../../../lambdas/recorder/recorder.ts";
import type { Config } from "../../../lib/config/schema.ts";
import { buildSettings } from "../../../lib/config/settings.ts";
import { localAws } from "../../../local/aws.ts";
import { startFaultProxy } from "../../../local/fault-proxy.ts";
import { startMoto } from "../../../local/moto.ts";
import { createSigningKey } from "../../../local/signing-key.ts";
import { approval, person } from "../../support/samples.ts";
import { makeTables } from "../../support/tables.ts";

/** What a person says in a request of the console; the authorizer's part of it can be bent. */
export interface Said {
  readonly as: Principal;
  readonly body?: object | string;
  readonly query?: Record<string, string>;
  readonly audience?: string;
  /** Seconds since the epoch. */
  readonly expiresAt?: number;
  /** Set where the id stands as the path has it. */
  readonly isEncoded?: boolean;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** The digest of no approval. */
export const RENDERED = "0".repeat(64);

/**
 * The approvals function with tables of its own in the emulator; no network of the stack, no sign-in.
 *
 * @param policies more than those that are shipped, in Cedar
 */
export async function openDesk(change: (config: Config) => Config = (config) => config, policies = "") {
  const moto = await startMoto();
  const proxy = await startFaultProxy(moto.url);
  const folder = mkdtempSync(join(tmpdir(), "countersign-desk-"));
  cpSync("config", folder, { recursive: true });
  writeFileSync(join(folder, "policies/more.cedar"), policies);
  const built = buildSettings(join(folder, "gateway.yaml"));
  const config = change(built.config);
  const settingsFile = join(folder, "settings.json");
  writeFileSync(settingsFile, JSON.stringify({ ...built, config }));
  const environment = {
    LEDGER_TABLE: "ledger",
    SIGNING_KEY_ARN: await createSigningKey(localAws(moto.url)),
    APPROVALS_TABLE: "approvals",
    ACCESS_TABLE: "access",
    STATE_MACHINE_ARN: "arn:aws:states:us-east-1:123456789012:stateMachine:none",
    TOPIC_ARNS: "{}",
    SETTINGS_FILE: settingsFile,
    AWS_ENDPOINT_URL: moto.url,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
    AWS_REGION: "us-east-1",
  };
  const aws = localAws(moto.url);
  await makeTables(aws);
  const handler = createApprovals(environment);
  const recorder = createRecorder(environment);
  const direct = { ...environment, AWS_ENDPOINT_URL_DYNAMODB: moto.url };
  const approvals = approvalsTable(direct);
  const furnished = furnishDesk(direct, "approvals");
  let count = 0;

  /** The digest of what the page of an approval shows, without asking for it: a refused request would be recorded. */
  const renderedOf = async (id: string): Promise<string> => {
    const row = await approvals.get(id);
    return row === undefined ? RENDERED : renderedDigest(judgedFields(row, furnished));
  };

  const ask = async (method: string, resource: string, id: string | undefined, said: Said): Promise<Answer> => {
    const result = (await handler(eventOf(method, resource, id, said, config), {} as Context)) as APIGatewayProxyResult;
    return { status: result.statusCode, body: JSON.parse(result.body) };
  };

  return {
    environment,
    proxy,
    config,
    approvals,
    grants: grantsTable(direct),
    access: accessTable(direct),
    get: (resource: string, said: Said, id?: string) => ask("GET", resource, id, said),
    post: (resource: string, said: Said, id?: string) => ask("POST", resource, id, said),
    decide: async (id: string, as: Principal, body: object = {}) => {
      const said = { verdict: "approve", reason: "looked at it", rendered: await renderedOf(id), ...body };
      return ask("POST", "/approvals/{id}/decision", id, { as, body: said });
    },
    /** Puts a pending approval that `developer` asked for just now; every change is its own. */
    async pending(change: Partial<Approval> = {}): Promise<Approval> {
      count += 1;
      const callDigest = change.callDigest ?? count.toString(16).padStart(64, "0");
      const attempt = change.attempt ?? 1;
      const now = Date.now();
      const row = approval({
        callDigest,
        attempt,
        id: approvalId(callDigest, attempt),
        createdAt: now,
        deadline: now + 3_600_000,
        requesterId: change.requester?.id ?? "company|developer",
        ...change,
      });
      await aws.dynamoDb.send(
        new PutItemCommand({
          TableName: "approvals",
          Item: marshall({ pk: `approval#${row.id}`, sk: "state", ...row }, { removeUndefinedValues: true }),
        }),
      );
      return row;
    },
    /** Hands the recorder a change of a row, as its stream would. */
    async record(before: Approval, after: Approval, eventID: string): Promise<void> {
      const image = (row: Approval) =>
        marshall({ pk: `approval#${row.id}`, sk: "state", ...row }, { removeUndefinedValues: true });
      const event = {
        Records: [
          {
            eventID,
            eventName: "MODIFY",
            dynamodb: {
              ApproximateCreationDateTime: Math.floor((after.decidedAt ?? after.createdAt) / 1000),
              SequenceNumber: "1",
              OldImage: image(before),
              NewImage: image(after),
            },
          },
        ],
      } as unknown as DynamoDBStreamEvent;
      const answer = await recorder(event, {} as Context);
      if (answer && answer.batchItemFailures.length > 0) throw new Error("the recorder handed the change back");
    },
    /** The records of that type, in the order of their ids. */
    async records(...types: string[]): Promise<LedgerRecord[]> {
      const { Items = [] } = await aws.dynamoDb.send(new ScanCommand({ TableName: "ledger", ConsistentRead: true }));
      return Items.map((item) => JSON.parse(textOf(item) ?? "") as LedgerRecord)
        .filter(({ type }) => types.includes(type))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async stop() {
      await proxy.stop();
      await moto.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type TestDesk = Awaited<ReturnType<typeof openDesk>>;

/** A person who signed in to the console a moment ago. */
export const signedIn = (name: string, ...groups: string[]): Principal => ({
  ...person(name, groups),
  client: "countersign-console",
  authTime: Math.floor(Date.now() / 1000),
});

function eventOf(
  method: string,
  resource: string,
  id: string | undefined,
  { as, body, query, audience, expiresAt, isEncoded }: Said,
  config: Config,
): APIGatewayProxyEvent {
  const encoded = id === undefined || isEncoded ? id : encodeURIComponent(id);
  return {
    httpMethod: method,
    resource,
    path: resource.replace("{id}", encoded ?? ""),
    pathParameters: encoded === undefined ? null : { id: encoded },
    queryStringParameters: query ?? null,
    headers: { "User-Agent": "test" },
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: "r",
      stage: "live",
      domainName: "gateway.example.com",
      identity: { sourceIp: "127.0.0.1" },
      authorizer: callerToContext({
        principal: as,
        audience: audience ?? config.console.audience,
        expiresAt: expiresAt ?? Math.floor(Date.now() / 1000) + 600,
      }),
    },
  } as unknown as APIGatewayProxyEvent;
}
