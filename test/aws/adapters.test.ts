import { CreateTableCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accessTable } from "../../lambdas/aws/access-table.ts";
import { approvalsTable } from "../../lambdas/aws/approvals-table.ts";
import { ledgerTable } from "../../lambdas/aws/ledger-table.ts";
import { secretsManager } from "../../lambdas/aws/secrets.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { lineOf, NO_PREVIOUS } from "../../lambdas/domain/evidence/line.ts";
import { type LocalAws, localAws } from "../../local/aws.ts";
import { type FaultProxy, startFaultProxy } from "../../local/fault-proxy.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { freePort } from "../../local/port.ts";
import { approval, decisionOf } from "../support/samples.ts";

let moto: Moto;
let aws: LocalAws;
let proxy: FaultProxy;
const tables = { LEDGER_TABLE: "ledger", APPROVALS_TABLE: "approvals", ACCESS_TABLE: "access" };
const through = (endpoint: string) => ({ ...tables, AWS_ENDPOINT_URL: endpoint, AWS_REGION: "us-east-1" });

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultProxy(moto.url);
  aws = localAws(moto.url);
  for (const TableName of Object.values(tables))
    await aws.dynamoDb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "sk", AttributeType: "S" },
        ],
      }),
    );
  await aws.s3.send(new CreateBucketCommand({ Bucket: "vault" }));
}, 60_000);
afterAll(async () => {
  await proxy?.stop();
  await moto?.stop();
});
beforeEach(() => proxy.mend());

describe("the ledger table", () => {
  const lineAt = (seq: number, target = "t") =>
    lineOf(
      { type: "call.received", occurredAt: "2026-01-01T00:00:00.000Z", session: "s", outcome: "received", target },
      {
        v: 1,
        id: `0000000000000000000000000${seq}`,
        recordedAt: "2026-01-01T00:00:00.000Z",
        component: "test",
        writer: { id: "w", seq, previous: NO_PREVIOUS },
      },
      { request: "sealed" },
    );

  test("takes a line, and the same line again", async () => {
    const ledger = ledgerTable(through(moto.url), 14);
    await ledger.put(lineAt(1));
    await ledger.put(lineAt(1));
    const { Items } = await aws.dynamoDb.send(new ScanCommand({ TableName: "ledger" }));
    expect(Items).toHaveLength(1);
    expect(Items?.[0]).toMatchObject({
      line: { S: lineAt(1).text },
      sealedRequest: { S: "sealed" },
      expiresAt: { N: String(1767225600 + 14 * 86_400) },
    });
  });

  test("refuses another line under the same key", async () => {
    const ledger = ledgerTable(through(moto.url), 14);
    await ledger.put(lineAt(2));
    await expect(ledger.put(lineAt(2, "other"))).rejects.toMatchObject({ code: "evidence_unavailable" });
  });

  test("says in a few seconds that it cannot be reached", async () => {
    const ledger = ledgerTable(through(`http://127.0.0.1:${await freePort()}`), 14);
    const begun = Date.now();
    await expect(ledger.put(lineAt(3))).rejects.toMatchObject({ code: "evidence_unavailable" });
    expect(Date.now() - begun).toBeLessThan(5000);
  });
});

describe("the approvals table", () => {
  let number = 0;
  const fresh = () => approval({ id: `a${++number}`, callDigest: `d${number}` });
  const table = () => approvalsTable(through(moto.url));
  const winners = (tries: readonly boolean[]) => tries.filter(Boolean).length;
  const twenty = <T>(act: (at: number) => Promise<T>) => Promise.all(Array.from({ length: 20 }, (_, at) => act(at)));

  test("an attempt is opened once, however many ask at once", async () => {
    const row = fresh();
    expect(winners(await twenty(() => table().open(row, undefined)))).toBe(1);
    expect(await table().head(row.callDigest)).toMatchObject({ attempt: 1, approvalId: row.id });
    expect(await table().get(row.id)).toMatchObject(row);
  });

  test("an approval is decided once, however many decide at once", async () => {
    const row = fresh();
    await table().open(row, undefined);
    expect(winners(await twenty((at) => table().decide(row, decisionOf(`p${at}`), "APPROVED", 9000)))).toBe(1);
    expect((await table().get(row.id))?.decisions).toHaveLength(1);
  });

  test("an approved call is taken once, however many retry at once", async () => {
    const row = fresh();
    await table().open(row, undefined);
    await table().decide(row, decisionOf("p"), "APPROVED", 9000);
    expect(winners(await twenty((at) => table().consume(row.id, `call-${at}`, 3000, 9999)))).toBe(1);
  });

  test("nothing is decided after the deadline, and nothing taken that is not approved or too old", async () => {
    const row = fresh();
    await table().open(row, undefined);
    expect(await table().consume(row.id, "c", 3000, 9999)).toBe(false);
    expect(await table().decide(row, decisionOf("p", "approve", 10_001), "APPROVED", 20_000)).toBe(false);
    await table().decide(row, decisionOf("p"), "APPROVED", 4000);
    expect(await table().consume(row.id, "c", 4000, 9999)).toBe(false);
  });

  test("only the call that runs settles, once", async () => {
    const row = fresh();
    await table().open(row, undefined);
    await table().decide(row, decisionOf("p"), "APPROVED", 9000);
    await table().consume(row.id, "mine", 3000, 9999);
    expect(await table().settle(row.id, "other", { status: "UNKNOWN" }, 4000)).toBe(false);
    expect(
      await table().settle(row.id, "mine", { status: "COMPLETED", outcome: { kind: "result", text: "{}" } }, 4000),
    ).toBe(true);
    expect(await table().settle(row.id, "mine", { status: "UNKNOWN" }, 5000)).toBe(false);
  });

  test("a write whose answer was lost is known as one's own", async () => {
    const row = fresh();
    await table().open(row, undefined);
    const decision = decisionOf("p");
    await table().decide(row, decision, "APPROVED", 9000);
    expect(await table().decide(row, decision, "APPROVED", 9000)).toBe(true);
    expect(await table().decide(row, decisionOf("q"), "APPROVED", 9000)).toBe(false);
    await table().consume(row.id, "mine", 3000, 9999);
    expect(await table().consume(row.id, "mine", 3000, 9999)).toBe(true);
    expect(await table().consume(row.id, "other", 3000, 9999)).toBe(false);
  });
});

test("the principal's row counts calls", async () => {
  const access = accessTable(through(moto.url));
  await access.touch("company|u1", 1);
  expect(await access.touch("company|u1", 2)).toEqual({ blocked: false, calls: 2 });
});

describe("a vault", () => {
  test("keeps what is written once, takes the same again, and refuses anything else under that key", async () => {
    const store = vault(through(moto.url), "vault");
    await store.put("k/1", "text ä");
    await store.put("k/1", "text ä");
    expect(await store.get("k/1")).toBe("text ä");
    expect(await store.list("k/")).toEqual(["k/1"]);
    await expect(store.put("k/1", "other")).rejects.toMatchObject({ code: "evidence_unavailable" });
  });
});

test("a rotated secret has two versions, the newest first", async () => {
  await aws.secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
  expect(await secretsManager(through(moto.url)).versions("s")).toEqual(["one"]);
  await aws.secrets.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "two" }));
  expect(await secretsManager(through(moto.url)).versions("s")).toEqual(["two", "one"]);
});
