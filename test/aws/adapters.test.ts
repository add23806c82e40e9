import { inspect } from "node:util";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accessTable, type PrincipalRow } from "../../lambdas/aws/access-table.ts";
import { approvalsTable } from "../../lambdas/aws/approvals-table.ts";
import { grantsTable } from "../../lambdas/aws/grants-table.ts";
import { sealedOf, textOf } from "../../lambdas/aws/ledger-item.ts";
import { ledgerTable } from "../../lambdas/aws/ledger-table.ts";
import { pendingApprovals } from "../../lambdas/aws/pending-approvals.ts";
import { secretsManager } from "../../lambdas/aws/secrets.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { grantOf } from "../../lambdas/domain/approval/grant-of.ts";
import { lineOf, NO_PREVIOUS } from "../../lambdas/domain/evidence/line.ts";
import { windowsOf } from "../../lambdas/domain/usage/usage.ts";
import { type LocalAws, localAws } from "../../local/aws.ts";
import { type FaultProxy, startFaultProxy } from "../../local/fault-proxy.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { freePort } from "../../local/port.ts";
import { putGrant } from "../support/put-grant.ts";
import { approval, decisionOf } from "../support/samples.ts";
import { makeTables } from "../support/tables.ts";

let moto: Moto;
let aws: LocalAws;
let proxy: FaultProxy;
const tables = { LEDGER_TABLE: "ledger", APPROVALS_TABLE: "approvals", ACCESS_TABLE: "access" };
const through = (endpoint: string) => ({ ...tables, AWS_ENDPOINT_URL: endpoint, AWS_REGION: "us-east-1" });

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultProxy(moto.url);
  aws = localAws(moto.url);
  await makeTables(aws);
  await aws.s3.send(new CreateBucketCommand({ Bucket: "vault" }));
}, 60_000);
afterAll(async () => {
  await proxy?.stop();
  await moto?.stop();
});
beforeEach(() => proxy.mend());

describe("the ledger table", () => {
  const lineAt = (seq: number, target = "t", lane = "w", recordedAt = "2026-01-01T00:00:00.000Z") =>
    lineOf(
      { type: "call.received", occurredAt: "2026-01-01T00:00:00.000Z", session: "s", outcome: "received", target },
      {
        v: 1,
        id: `0000000000000000000000000${seq}`,
        recordedAt,
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
      signature: { S: "signature" },
      expiresAt: { N: String(1767225600 + 14 * 86_400) },
    });
    const item = Items?.[0] ?? {};
    expect([textOf(item), sealedOf(item)]).toEqual([lineAt(1).text, { request: "sealed" }]);
  });

  test("refuses another line under the same key", async () => {
    const ledger = ledgerTable(through(moto.url), 14);
    await ledger.put(lineAt(2));
    const refused = await ledger.put(lineAt(2, "other")).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "evidence_unavailable" });
    // Errors are logged with all that they hold.
    const { cause } = refused as Error;
    expect([inspect(refused, { depth: 9 }), JSON.stringify(cause)].join()).not.toMatch(
      /ConditionExpression|"?line"?: |pk/,
    );
    expect(inspect(refused, { depth: 9 })).toContain("ConditionalCheckFailed");
  });

  test("knows a record that was told before in another lane, and only that", async () => {
    const ledger = ledgerTable(through(moto.url), 14);
    expect(await ledger.put(lineAt(4))).toBe("written");
    expect(await ledger.put(lineAt(4, "t", "other lane"))).toBe("known");
    await expect(ledger.put(lineAt(4, "other", "other lane"))).rejects.toMatchObject({ code: "evidence_unavailable" });
  });

  test("knows it however much later it is told again, so that it is there once", async () => {
    const ledger = ledgerTable(through(moto.url), 14);
    expect(await ledger.put(lineAt(5))).toBe("written");
    expect(await ledger.put(lineAt(5, "t", "other lane", "2026-01-01T02:00:00.000Z"))).toBe("known");
    await expect(ledger.put(lineAt(5, "other", "w", "2026-01-01T02:00:00.000Z"))).rejects.toMatchObject({
      code: "evidence_unavailable",
    });
    const { Items = [] } = await aws.dynamoDb.send(new ScanCommand({ TableName: "ledger" }));
    expect(Items.flatMap((item) => textOf(item) ?? []).filter((text) => text === lineAt(5).text)).toHaveLength(1);
    expect(Items.filter((item) => textOf(item)?.includes(lineAt(5).record.id))).toHaveLength(1);
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

test("the approvals that wait are counted, with the time since which the oldest does", async () => {
  const waiting = () => pendingApprovals({ ...through(moto.url), STATE_MACHINE_ARN: "none" }).waiting();
  const before = await waiting();
  const table = approvalsTable(through(moto.url));
  for (const [at, createdAt] of [7, 5].entries())
    await table.open(approval({ id: `w${at}`, callDigest: `w${at}`, createdAt, status: "PENDING" }), undefined);
  expect(await waiting()).toEqual({ number: before.number + 2, oldest: Math.min(before.oldest ?? 5, 5) });
});

test("the principal's row counts calls", async () => {
  const access = accessTable(through(moto.url));
  await access.touch("company|u1", 1);
  expect(await access.touch("company|u1", 2)).toMatchObject({ blocked: false, blockedAt: null, calls: 2 });
});

describe("the windows of time in a principal's row", () => {
  const MINUTE = 60_000;
  const windows = (now: number) => windowsOf({ perMinute: 2, perDay: 10 }, { perMinute: 1, perDay: null }, "ops", now);
  const counts = ({ used }: PrincipalRow) => Object.fromEntries(used);

  test("count in the one request that touches the row, and the next window takes the one before it away", async () => {
    const access = accessTable(through(proxy.url));
    const before = proxy.passed;
    await access.touch("company|w1", 1, windows(1));
    const now = counts(await access.touch("company|w1", 2, windows(2)));
    const later = counts(await access.touch("company|w1", MINUTE, windows(MINUTE)));
    expect(proxy.passed - before).toBe(3);
    expect(now).toEqual({ "used:minute:0:": 2, "used:day:0:": 2, "used:minute:0:ops": 2 });
    expect(later).toEqual({ "used:minute:1:": 1, "used:day:0:": 3, "used:minute:1:ops": 1 });
  });

  test("do not pile up for a principal that pauses between its calls", async () => {
    const access = accessTable(through(moto.url));
    let most = 0;
    for (let call = 0; call < 60; call += 1) {
      const now = call * 2 * MINUTE;
      most = Math.max(most, (await access.touch("company|w2", now, windows(now))).used.size);
    }
    expect(most).toBeGreaterThan(32);
    expect(most).toBeLessThan(50);
  });
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

  test("come into force with the decision, are counted while they are in force, and ended once", async () => {
    const environment = through(moto.url);
    const [approvals, grants] = [approvalsTable(environment), grantsTable(environment)];
    const one = grant("g1");
    const row = approval({ id: "g1", callDigest: "g1", deadline: 90_000 });
    await approvals.open(row, undefined);
    expect(await approvals.decide(row, decisionOf("p", "approve", 100_000), "APPROVED", 9000, one)).toBe(false);
    expect(await grants.of(one.principal), "what comes too late gives none").toEqual([]);
    expect(await approvals.decide(row, decisionOf("p"), "APPROVED", 9000, one)).toBe(true);
    expect(await approvals.decide(row, decisionOf("p"), "APPROVED", 9000, one), "an answer that was lost").toBe(true);
    expect(await grants.get(one)).toMatchObject(one);
    expect(await grants.of(one.principal)).toHaveLength(1);
    expect(await grants.use(one, 2000)).toBe(true);
    expect(await grants.use(one, 1000 + 60_000), "after its time").toBe(false);
    expect([await grants.end(one, "p", "r", 3000), await grants.end(one, "q", "r", 3000)]).toEqual([true, false]);
    expect(await grants.use(one, 2000), "after its end").toBe(false);
    expect(await grants.all()).toMatchObject([{ id: "g1", uses: 1, lastUsedAt: 2000, status: "ENDED", endedBy: "p" }]);
  });

  test("with a number of uses allow no more, however many calls race for them", async () => {
    const grants = grantsTable(through(moto.url));
    const two = grant("g2", 2);
    await putGrant(through(moto.url), two);
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
