import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { createApprovals } from "../../../lambdas/approvals/approvals.ts";
import { createAudit } from "../../../lambdas/audit/audit.ts";
import { accessTable } from "../../../lambdas/aws/access-table.ts";
import { approvalsTable } from "../../../lambdas/aws/approvals-table.ts";
import { bodyStore } from "../../../lambdas/aws/body-store.ts";
import { environmentSigner } from "../../../lambdas/aws/environment-signer.ts";
import { contentKeys } from "../../../lambdas/aws/forensic-key.ts";
import { textOf } from "../../../lambdas/aws/ledger-item.ts";
import { ledgerTable } from "../../../lambdas/aws/ledger-table.ts";
import { renderedDigest } from "../../../lambdas/domain/approval/rendered.ts";
import { keepBody } from "../../../lambdas/domain/evidence/body.ts";
import type { Line } from "../../../lambdas/domain/evidence/line.ts";
import type { LedgerRecord, RecordEntry } from "../../../lambdas/domain/evidence/record.ts";
import { createWriter } from "../../../lambdas/domain/evidence/writer.ts";
import { callerToContext } from "../../../lambdas/domain/identity/caller.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { newIds } from "../../../lambdas/new-ids.ts";
import type { Config } from "../../../lib/config/schema.ts";
import { buildSettings } from "../../../lib/config/settings.ts";
import { localAws } from "../../../local/aws.ts";
import { startFaultProxy } from "../../../local/fault-proxy.ts";
import { startMoto } from "../../../local/moto.ts";
import { createSigningKey } from "../../../local/signing-key.ts";
import { signedIn } from "../../approvals/support/desk.ts";
import { archiveLines } from "../../support/archive-lines.ts";
import { makeTables } from "../../support/tables.ts";

/** A record that no policy lets anybody see, though everything around it may be seen. */
export const FORBIDDEN = "01JG0000000000000000000009";
const FORBIDS = `@id("nobody-sees-this")\nforbid (principal, action == Action::"reveal", resource == Transcript::"${FORBIDDEN}");\n`;

/** The audit function over a ledger and vaults of its own in the emulator; what is archived is the test's own doing. */
export async function openAuditRoom(change: Partial<Config> = {}) {
  const moto = await startMoto();
  const proxy = await startFaultProxy(moto.url);
  const tables = await startFaultProxy(proxy.url);
  const aws = localAws(moto.url);
  const folder = mkdtempSync(join(tmpdir(), "countersign-audit-"));
  cpSync("config", folder, { recursive: true });
  writeFileSync(join(folder, "policies/forbidden.cedar"), FORBIDS);
  const built = buildSettings(join(folder, "gateway.yaml"));
  const settings = { ...built, config: { ...built.config, ...change } };
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  await makeTables(aws);
  for (const Bucket of ["masked", "sealed"]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}));
  const direct = {
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: "us-east-1",
    LEDGER_TABLE: "ledger",
    APPROVALS_TABLE: "approvals",
    ACCESS_TABLE: "access",
    MASKED_VAULT: "masked",
    SEALED_VAULT: "sealed",
    FORENSIC_KEY_ARN: KeyMetadata?.Arn ?? "",
    SIGNING_KEY_ARN: await createSigningKey(aws),
    STATE_MACHINE_ARN: "arn:aws:states:us-east-1:123456789012:stateMachine:none",
    TOPIC_ARNS: "{}",
    SETTINGS_FILE: join(folder, "settings.json"),
  };
  const handler = createAudit({ ...direct, AWS_ENDPOINT_URL: proxy.url, AWS_ENDPOINT_URL_DYNAMODB: tables.url });
  const approvers = createApprovals(direct);
  const approvals = approvalsTable(direct);
  const ledger = ledgerTable(direct, 14);
  const signer = environmentSigner(direct, "gateway");
  const writer = createWriter({ ledger, component: "gateway", signer, now: Date.now, newId: newIds() });
  const contentKey = contentKeys(direct);
  const bodies = bodyStore(direct);
  const operations: string[] = [];
  let count = 0;

  const records = async (...types: string[]): Promise<LedgerRecord[]> => {
    const { Items = [] } = await aws.dynamoDb.send(new ScanCommand({ TableName: "ledger", ConsistentRead: true }));
    return Items.flatMap((item) => textOf(item) ?? [])
      .map((text) => JSON.parse(text) as LedgerRecord)
      .filter(({ type }) => types.includes(type))
      .sort((one, other) => (one.id < other.id ? -1 : 1));
  };

  const ask = async (to: typeof handler, route: string, who: Principal, body?: object, id?: string) => {
    const [httpMethod, resource = ""] = route.split(" ");
    const event = {
      httpMethod,
      resource,
      path: resource.replace("{id}", id ?? ""),
      pathParameters: id === undefined ? null : { id },
      headers: { "User-Agent": "test" },
      body: body === undefined ? null : JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: {
        requestId: "r",
        stage: "live",
        domainName: "gateway.example.com",
        identity: { sourceIp: "127.0.0.1" },
        authorizer: callerToContext({
          principal: who,
          audience: settings.config.console.audience,
          expiresAt: Math.floor(Date.now() / 1000) + 600,
        }),
      },
    } as unknown as APIGatewayProxyEvent;
    const { statusCode, body: text } = (await to(event, {} as Context)) as APIGatewayProxyResult;
    return { status: statusCode, body: JSON.parse(text) };
  };

  return {
    environment: direct,
    /** The door before the tables alone. */
    tables,
    records,
    aws,
    /** What the function asked of AWS since the last look: KMS and DynamoDB by name, S3 as an empty text. */
    watch() {
      operations.length = 0;
      proxy.cutAfter(Number.POSITIVE_INFINITY, (operation) => {
        operations.push(operation);
        return false;
      });
      return operations;
    },
    /** A record whose response was masked: `secret` is what the mask hides. */
    async masked(session: string, secret: string, id?: string): Promise<Line> {
      count += 1;
      const call = `call-${count}`;
      const original = JSON.stringify({ result: { text: `before ${secret} after` } });
      const masked = JSON.stringify({ result: { text: "before [MASKED] after" } });
      const kept = await keepBody({ original, masked, findings: [] }, { call, part: "response" }, contentKey, bodies);
      const sealed = kept.sealed === undefined ? {} : { response: kept.sealed };
      const entry: RecordEntry = {
        type: "call.completed",
        occurredAt: new Date().toISOString(),
        session,
        call,
        server: "ops",
        target: "read_config",
        outcome: "ok",
        response: kept.body,
      };
      return writer.append(entry, sealed, id);
    },
    /** A record with nothing masked. */
    plain: (session: string): Promise<Line> =>
      writer.append({ type: "call.received", occurredAt: new Date().toISOString(), session, outcome: "received" }),
    /** Puts lines into the vaults, a batch. */
    archive: (...lines: readonly Line[]) => archiveLines(direct, lines),
    reveal: (body: object, who = signedIn("auditor", "auditors")) =>
      ask(handler, "POST /audit/reveal", who, { reason: "looking into it", ...body }),
    quarantine: (body: object, who = signedIn("auditor", "auditors")) =>
      ask(handler, "POST /audit/quarantine", who, { reason: "it shows too much", ...body }),
    approvals,
    /** What an approver sees of an approval, and what they say of it. */
    async decide(id: string, who: Principal, body: object = {}) {
      const shown = await ask(approvers, "GET /approvals/{id}", who, undefined, id);
      const rendered = shown.status === 200 ? await renderedDigest(shown.body) : "0".repeat(64);
      const said = { verdict: "approve", reason: "looked at it", rendered, ...body };
      return ask(approvers, "POST /approvals/{id}/decision", who, said, id);
    },
    /** Opens what is sealed in an approval, as the console does. */
    openArguments: (id: string, who: Principal) => ask(handler, "POST /approvals/{id}/reveal", who, {}, id),
    /** The time in which an approval can be used is over. */
    outdate: (id: string) =>
      aws.dynamoDb.send(
        new UpdateItemCommand({
          TableName: "approvals",
          Key: { pk: { S: `approval#${id}` }, sk: { S: "state" } },
          UpdateExpression: "SET #until = :past",
          ExpressionAttributeNames: { "#until": "until" },
          ExpressionAttributeValues: { ":past": { N: String(Date.now() - 1000) } },
        }),
      ),
    block: (id: string) => accessTable(direct).block(id, { by: "administrator", reason: "gone", at: Date.now() }),
    async stop() {
      await tables.stop();
      await proxy.stop();
      await moto.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type AuditRoom = Awaited<ReturnType<typeof openAuditRoom>>;
