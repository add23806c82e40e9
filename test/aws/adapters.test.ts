import { CreateTableCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accessTable } from "../../lambdas/aws/access-table.ts";
import { approvalsTable } from "../../lambdas/aws/approvals-table.ts";
import { grantsTable } from "../../lambdas/aws/grants-table.ts";
import { ledgerTable } from "../../lambdas/aws/ledger-table.ts";
import { secretsManager } from "../../lambdas/aws/secrets.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { grantOf } from "../../lambdas/domain/approval/grant-of.ts";
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

const APPROVALS_KEYS = [
  { AttributeName: "status", AttributeType: "S" },
  { AttributeName: "requesterId", AttributeType: "S" },
  { AttributeName: "createdAt", AttributeType: "N" },
] as const;
const APPROVALS_INDEXES = Object.entries({ byStatus: "status", byRequester: "requesterId" }).map(
  ([IndexName, AttributeName]) => ({
    IndexName,
    KeySchema: [
      { AttributeName, KeyType: "HASH" as const },
      { AttributeName: "createdAt", KeyType: "RANGE" as const },
    ],
    Projection: { ProjectionType: "ALL" as const },
  }),
);

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
          ...(TableName === "approvals" ? APPROVALS_KEYS : []),
        ],
        ...(TableName === "approvals" ? { GlobalSecondaryIndexes: APPROVALS_INDEXES } : {}),
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
  const lineAt = (seq: number, target = "t", lane = "w") =>
    lineOf(
      { type: "call.received", occurredAt: "2026-01-01T00:00:00.000Z", session: "s", outcome: "received", target },
      {
        v: 1,
        id: `0000000000000000000000000${seq}`,
        recordedAt: "2026-01-01T00:00:00.000Z",
        component: "test",
        writer: { id: lane, seq, previous: NO_PREVIOUS },
      },
      { request: "sealed" },
      () => "signature",
    );

  test("takes a line, and the same line again", async () => {
    const ledger = ledgerTable(through(moto.url), 14);
    await ledger.put(lineAt(1));
    await ledger.put(lineAt(1));
    const { Items } = await aws.dynamoDb.send(new ScanCommand({ TableName: "ledger" }));
    expect(Items).toHaveLength(1);
    expect(Items?.[0]).toMatchObject({
      line: { S: lineAt(1).text },
      signature: { S: "signature" },
      sealedRequest: { S: "sealed" },
      expiresAt: { N: String(1767225600 + 14 * 86_400) },
    });
  });

  test("refuses another line under the same key", async () => {
    const ledger = ledgerTable(through(moto.url), 14);
    await ledger.put(lineAt(2));
    await expect(ledger.put(lineAt(2, "other"))).rejects.toMatchObject({ code: "evidence_unavailable" });
  });

  test("knows a record that was told before in another lane, and only that", async () => {
    const ledger = ledgerTable(through(moto.url), 14);
    expect(await ledger.put(lineAt(4))).toBe("written");
    expect(await ledger.put(lineAt(4, "t", "other lane"))).toBe("known");
    await expect(ledger.put(lineAt(4, "other", "other lane"))).rejects.toMatchObject({ code: "evidence_unavailable" });
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

  test("an approval is taken back or taken, never both, and a lost answer is known as one's own", async () => {
    const row = fresh();
    await table().open(row, undefined);
    await table().decide(row, decisionOf("p"), "APPROVED", 9000);
    const words = Array.from({ length: 10 }, (_, at) => ({ by: `p${at}`, reason: "r", at: 3000 }));
    const [taken, ...withdrawn] = await Promise.all([
      table().consume(row.id, "c", 3000, 9999),
      ...words.map((word) => table().withdraw(row.id, word)),
    ]);
    expect(winners([taken, ...withdrawn])).toBe(1);
    const winner = words[withdrawn.indexOf(true)];
    if (winner) expect(await table().withdraw(row.id, winner)).toBe(true);
    expect(await table().withdraw(row.id, { by: "late", reason: "r", at: 4000 })).toBe(false);
  });

  test("who opened what is masked is noted once, however many do at once, and not after the end", async () => {
    const row = fresh();
    await table().open(row, undefined);
    const people = ["a", "b", "c", "a"];
    expect(winners(await Promise.all(people.map((who) => table().addRevealed(row.id, who))))).toBe(4);
    expect([...((await table().get(row.id))?.revealedTo ?? [])].sort()).toEqual(["a", "b", "c"]);
    await table().decide(row, decisionOf("p", "deny"), "DENIED", 9000);
    expect(await table().addRevealed(row.id, "d")).toBe(false);
  });

  test("what a principal has open, has pending and was denied is found by who asked", async () => {
    const asked = (change: object) => ({ ...fresh(), requesterId: "company|asker", ...change });
    const rows = [asked({}), asked({ target: "put_policy" }), asked({ server: "other" }), asked({})] as const;
    for (const row of rows) await table().open(row, undefined);
    await table().decide(rows[0], decisionOf("p"), "APPROVED", 9000);
    await table().decide(rows[1], decisionOf("p", "deny"), "DENIED", 9000);
    const ids = async (found: Promise<readonly { id: string }[]>) => (await found).map(({ id }) => id).sort();
    expect(await ids(table().pendingOf("company|asker"))).toEqual([rows[2].id, rows[3].id].sort());
    expect(await ids(table().openOf("company|asker"))).toEqual([rows[0].id, rows[2].id, rows[3].id].sort());
    expect(await ids(table().deniedLike("company|asker", "ops", "put_policy"))).toEqual([rows[1].id]);
    expect(await ids(table().deniedLike("company|asker", "ops", "create_role"))).toEqual([]);
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
  expect(await access.touch("company|u1", 2)).toMatchObject({ blocked: false, blockedAt: null, calls: 2 });
});

test("a block of a principal, known or not, stands until it is lifted, and review sees both", async () => {
  const access = accessTable(through(moto.url));
  const word = (at: number) => ({ by: "admin", reason: "left", at });
  await access.touch("company|u2", 5);
  for (const id of ["company|u2", "company|never-seen"]) {
    expect([await access.block(id, word(7)), await access.block(id, word(8))]).toEqual([true, false]);
    expect(await access.look(id)).toMatchObject({ blocked: true, blockedAt: 7 });
  }
  expect(await access.principals()).toEqual(
    expect.arrayContaining([
      { id: "company|u2", calls: 1, lastUsedAt: 5, blocked: true, blockedBy: "admin", blockReason: "left" },
      { id: "company|never-seen", calls: 0, lastUsedAt: null, blocked: true, blockedBy: "admin", blockReason: "left" },
    ]),
  );
  expect([await access.unblock("company|u2", word(9)), await access.unblock("company|u2", word(9))]).toEqual([
    true,
    false,
  ]);
  expect(await access.unblock("company|nobody", word(9))).toBe(false);
  expect((await access.touch("company|u2", 10)).blocked).toBe(false);
});

describe("the grants", () => {
  const grant = (id: string, usesLeft: number | null = null) => {
    const scope = { kind: "minutes", minutes: 1, arguments: "any", constraint: [] } as const;
    const row = approval({ id, status: "APPROVED", decidedAt: 1000, decisions: [{ ...decisionOf("p"), scope }] });
    const made = grantOf(row, 1000);
    if (made === null) throw new Error("no grant");
    return { ...made, usesLeft };
  };

  test("are created once, counted while they are in force, and ended once", async () => {
    const grants = grantsTable(through(moto.url));
    const one = grant("g1");
    expect([await grants.create(one), await grants.create(one)]).toEqual([true, false]);
    expect(await grants.get(one)).toMatchObject(one);
    expect(await grants.of(one.principal)).toHaveLength(1);
    expect(await grants.use(one, 2000)).toBe(true);
    expect(await grants.use(one, 1000 + 60_000), "after its time").toBe(false);
    expect([await grants.end(one, "p", "r", 3000), await grants.end(one, "q", "r", 3000)]).toEqual([true, false]);
    expect(await grants.use(one, 2000), "after its end").toBe(false);
    expect(await grants.create(one), "what ended does not begin again").toBe(false);
    expect(await grants.all()).toMatchObject([{ id: "g1", uses: 1, lastUsedAt: 2000, status: "ENDED", endedBy: "p" }]);
  });

  test("with a number of uses allow no more, however many calls race for them", async () => {
    const grants = grantsTable(through(moto.url));
    const two = grant("g2", 2);
    await grants.create(two);
    const tries = await Promise.all(Array.from({ length: 10 }, () => grants.use(two, 2000)));
    expect(tries.filter(Boolean)).toHaveLength(2);
  });
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
