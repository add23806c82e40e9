import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand } from "@aws-sdk/client-sfn";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { furnishDesk } from "../../../lambdas/approvals/desk.ts";
import { judgedFields } from "../../../lambdas/approvals/view.ts";
import { accessTable } from "../../../lambdas/aws/access-table.ts";
import { approvalsTable } from "../../../lambdas/aws/approvals-table.ts";
import { grantsTable } from "../../../lambdas/aws/grants-table.ts";
import { textOf } from "../../../lambdas/aws/ledger-item.ts";
import { renderedDigest } from "../../../lambdas/domain/approval/rendered.ts";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { createRecorder } from "../../../lambdas/recorder/recorder.ts";
import { buildSettings } from "../../../lib/config/settings.ts";
import { type Buffered, invocation, type Streaming } from "../../../local/api/functions.ts";
import { installAwsLambda } from "../../../local/api/response-stream.ts";
import { localAws } from "../../../local/aws.ts";
import { type LocalGroups, type LocalTimes, secretNameOf, writeLocalConfig } from "../../../local/local-config.ts";
import { startMoto } from "../../../local/moto.ts";
import { createSigningKey } from "../../../local/signing-key.ts";
import { legacy, type Sent } from "../../support/gateway.ts";
import { makeTables } from "../../support/tables.ts";
import { type CrashProxy, startCrashProxy } from "./crash-proxy.ts";
import { type Answer, buffered, eventFor, stream, type Told, withAccept } from "./invoke.ts";
import { atConsole, peopleOf } from "./people.ts";
import { startReading } from "./reading.ts";
import { startAccounting } from "./server.ts";

/** Tools that need an approval; `add_user` needs two people's. */
export const TOOLS = ["create_role", "grant_permission", "add_user"] as const;
export type Tool = (typeof TOOLS)[number];
/** A tool that anybody may call. */
export const HARMLESS = "read_config";

const POLICIES = `
@id("a-user-needs-two") @approvers("security") @grant_minutes("60")
permit (principal in Group::"developers", action == Action::"callWithApproval", resource is Tool)
when { resource.name == "add_user" };
@id("oncall-needs-approval-too") @approvers("platform")
permit (principal in Group::"oncall", action == Action::"callWithApproval", resource);
`;

/** Where this gateway would be reached. Nobody goes there: the functions are called by themselves. */
const PUBLIC_URL = "http://127.0.0.1:1";
const ISSUER = "https://login.example.com";

/** One environment of the gateway and one of the approvers' API, which reach AWS through a door of their own. */
export interface Life {
  readonly proxy: CrashProxy;
  /** Sends an MCP message. */
  send(as: Principal, sent: Sent, server?: string): Promise<Told>;
  /** A call of a tool by a client of the legacy era. */
  call(as: Principal, tool: Tool, args: object, server?: string): Promise<Told>;
  /** A request of the console. */
  ask(as: Principal, method: "GET" | "POST", resource: string, id?: string, body?: object): Promise<Answer>;
  decide(as: Principal, id: string, verdict: "approve" | "deny", more?: object): Promise<Answer>;
}

export interface WorldOptions {
  readonly times?: LocalTimes;
  readonly groups?: LocalGroups;
}

/**
 * The product's own functions with their adapters on the emulator, each called by itself, so that a test can let one die
 * at any call of AWS. The stream of the approvals is read when a test says so, and flows end where they begin: what is
 * under test must hold without them.
 */
export async function openWorld({ times = {}, groups = {} }: WorldOptions = {}) {
  process.env.POWERTOOLS_LOG_LEVEL = process.env.DEBUGLOG ?? "SILENT";
  installAwsLambda();
  const [{ createGateway }, { createApprovals }] = await Promise.all([
    import("../../../lambdas/gateway/gateway.ts"),
    import("../../../lambdas/approvals/approvals.ts"),
  ]);
  const folder = mkdtempSync(join(tmpdir(), "countersign-world-"));
  const [moto, iam, shaky] = await Promise.all([
    startMoto(),
    startAccounting("iam", [...TOOLS, HARMLESS]),
    startAccounting("shaky", []),
  ]);
  const aws = localAws(moto.url);
  const streams = await makeTables(aws);
  for (const Bucket of ["masked", "sealed"])
    await aws.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const forensicKey = (await aws.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
  const secrets = { seal: "s".repeat(64), [secretNameOf("iam")]: "x", [secretNameOf("shaky")]: "x" };
  for (const [Name, SecretString] of Object.entries(secrets))
    await aws.secrets.send(new CreateSecretCommand({ Name, SecretString }));
  const { stateMachineArn } = await aws.stepFunctions.send(
    new CreateStateMachineCommand({
      name: "flow",
      roleArn: "arn:aws:iam::123456789012:role/flow",
      definition: JSON.stringify({ StartAt: "End", States: { End: { Type: "Succeed" } } }),
    }),
  );
  const signingKey = await createSigningKey(aws);
  const configFile = writeLocalConfig({
    folder,
    publicUrl: PUBLIC_URL,
    oidc: {
      issuer: ISSUER,
      jwksUri: `${ISSUER}/jwks`,
      ciIssuer: `${ISSUER}/ci`,
      ciJwksUri: `${ISSUER}/ci/jwks`,
    } as never,
    servers: [iam.entry, shaky.entry],
    morePolicies: POLICIES,
    groups: { security: { quorum: 2 }, ...groups },
    // Nobody is held: who asks is answered at once.
    times: { denialStandsFor: "1h", maxHeld: 0, ...times },
  });
  const settings = buildSettings(configFile);
  const settingsFile = join(folder, "settings.json");
  writeFileSync(settingsFile, JSON.stringify(settings));

  const environmentAt = (url: string, service: string) => ({
    AWS_ENDPOINT_URL: url,
    AWS_REGION: "us-east-1",
    LEDGER_TABLE: "ledger",
    APPROVALS_TABLE: "approvals",
    ACCESS_TABLE: "access",
    MASKED_VAULT: "masked",
    SEALED_VAULT: "sealed",
    FORENSIC_KEY_ARN: forensicKey,
    SIGNING_KEY_ARN: signingKey,
    SEAL_SECRET_ARN: "seal",
    STATE_MACHINE_ARN: stateMachineArn,
    TOPIC_ARNS: JSON.stringify({
      platform: "arn:aws:sns:us-east-1:123456789012:p",
      security: "arn:aws:sns:us-east-1:123456789012:s",
    }),
    SETTINGS_FILE: settingsFile,
    LOOPBACK_SERVERS: "allowed",
    POWERTOOLS_SERVICE_NAME: service,
  });
  const direct = environmentAt(moto.url, "approvals");
  const approvals = approvalsTable(direct);
  const desk = furnishDesk(direct, "approvals");
  const recorder = createRecorder(environmentAt(moto.url, "recorder"));
  const drain = startReading(
    aws,
    streams.approvals,
    (event: DynamoDBStreamEvent) => recorder(event, invocation("recorder", 60)) as Promise<DynamoDBBatchResponse>,
  );
  /** What the page of an approval would say that it showed, read past every door. */
  const renderedOf = async (id: string): Promise<string> => {
    const row = await approvals.get(id);
    return row === undefined ? "0".repeat(64) : renderedDigest(judgedFields(row, desk));
  };

  const proxies: CrashProxy[] = [];
  const live = async (): Promise<Life> => {
    const proxy = await startCrashProxy(moto.url);
    proxies.push(proxy);
    const gateway = createGateway(environmentAt(proxy.url, "gateway")) as unknown as Streaming;
    const api = createApprovals(environmentAt(proxy.url, "approvals")) as Buffered;
    const life: Life = {
      proxy,
      send(as, sent, server = "iam") {
        const path = `/mcp/${server}`;
        const about = { as, audience: PUBLIC_URL, method: "POST", resource: path, path };
        return stream(gateway, eventFor({ ...about, headers: withAccept(sent), body: sent.body }));
      },
      call: (as, tool, args, server) => life.send(as, legacy("tools/call", { name: tool, arguments: args }), server),
      ask(as, method, resource, id, body) {
        const path = resource.replace("{id}", encodeURIComponent(id ?? ""));
        const about = { as: atConsole(as), audience: settings.config.console.audience, method, resource, path, body };
        return buffered(api, eventFor(id === undefined ? about : { ...about, id }));
      },
      async decide(as, id, verdict, more = {}) {
        const said = { verdict, reason: "seen and judged", rendered: await renderedOf(id), ...more };
        return life.ask(as, "POST", "/approvals/{id}/decision", id, said);
      },
    };
    return life;
  };

  return {
    iam,
    shaky,
    settings,
    aws,
    /** ARNs of the tables' streams. */
    streams,
    emulator: moto.url,
    publicUrl: PUBLIC_URL,
    environment: direct,
    environmentAt,
    people: peopleOf(ISSUER),
    live,
    /** Lets the recorder consume all that has changed. */
    drain,
    approvals,
    grants: grantsTable(direct),
    access: accessTable(direct),
    /** When, at the latest, the record of the intent of that call was durable; undefined when there is none. */
    recordedAt: (name: string, round = 0): number | undefined =>
      proxies
        .flatMap(({ answered }) => answered)
        .filter(({ operation, status, body }) => {
          const text = operation === "PutItem" && status === 200 ? (textOf(JSON.parse(body).Item) ?? "") : "";
          return (
            text.includes("call.received") &&
            text.includes(`${name}\\`) &&
            text.includes("inputResponses") === round > 0
          );
        })
        .map(({ at }) => at)
        .sort((a, b) => a - b)[0],
    async records(fits: (record: LedgerRecord) => boolean): Promise<LedgerRecord[]> {
      await drain();
      const pages = paginateScan({ client: aws.dynamoDb }, { TableName: "ledger", ConsistentRead: true });
      const found: LedgerRecord[] = [];
      for await (const { Items = [] } of pages)
        found.push(...Items.map((item) => JSON.parse(textOf(item) ?? "") as LedgerRecord));
      return found.filter(fits).sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    async stop() {
      await Promise.all([...proxies, iam, shaky].map((part) => part.stop()));
      await moto.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The id in a pending answer. */
export function pendingIn({ text }: Told): string {
  const id = text.match(/PENDING APPROVAL (\S+)\./)?.[1];
  if (id === undefined) throw new Error(`no approval is pending: ${text}`);
  return id;
}
