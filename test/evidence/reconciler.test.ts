import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { decodeTime } from "ulid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentSigner } from "../../lambdas/aws/environment-signer.ts";
import { textOf } from "../../lambdas/aws/ledger-item.ts";
import { ledgerTable } from "../../lambdas/aws/ledger-table.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import type { Line } from "../../lambdas/domain/evidence/line.ts";
import type { LedgerRecord, RecordEntry } from "../../lambdas/domain/evidence/record.ts";
import { createWriter, type Writer } from "../../lambdas/domain/evidence/writer.ts";
import { newIds } from "../../lambdas/new-ids.ts";
import type { ReconcilerEvent } from "../../lambdas/reconciler/plan.ts";
import { createReconciler } from "../../lambdas/reconciler/reconciler.ts";
import { buildSettings } from "../../lib/config/settings.ts";
import { localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { createSigningKey } from "../../local/signing-key.ts";
import { archiveLines } from "../support/archive-lines.ts";
import { makeLedger } from "../support/tables.ts";

let moto: Moto;
let aws: ReturnType<typeof localAws>;
let environment: Record<string, string>;
let writer: Writer;

// No stream runs here: what is archived, and when, is the test's own doing.
beforeAll(async () => {
  moto = await startMoto();
  aws = localAws(moto.url);
  await makeLedger(aws);
  for (const Bucket of ["masked", "sealed"]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const SETTINGS_FILE = join(mkdtempSync(join(tmpdir(), "countersign-")), "settings.json");
  writeFileSync(SETTINGS_FILE, JSON.stringify(buildSettings("config/gateway.yaml")));
  environment = {
    AWS_ENDPOINT_URL: moto.url,
    LEDGER_TABLE: "ledger",
    MASKED_VAULT: "masked",
    SEALED_VAULT: "sealed",
    SIGNING_KEY_ARN: await createSigningKey(aws),
    SETTINGS_FILE,
  };
  const signer = environmentSigner(environment, "gateway");
  const ledger = ledgerTable(environment, 14);
  writer = createWriter({ ledger, component: "gateway", signer, now: Date.now, newId: newIds() });
}, 60_000);
afterAll(() => moto?.stop());

const record = (call: string, change: Partial<RecordEntry> = {}) =>
  writer.append({
    type: "call.received",
    occurredAt: new Date().toISOString(),
    session: `session-${call}`,
    call,
    server: "ops",
    method: "tools/call",
    outcome: "received",
    ...change,
  });

const archive = (...lines: readonly Line[]) => archiveLines(environment, lines);

async function reconcile(patience?: number, event: ReconcilerEvent = {}, lasts?: number): Promise<void> {
  await sleep(3);
  await createReconciler(environment, patience, lasts)(event, {} as Context);
}

async function unresolvedRecords(): Promise<LedgerRecord[]> {
  const { Items = [] } = await aws.dynamoDb.send(new ScanCommand({ TableName: "ledger" }));
  const records = Items.flatMap((item) => textOf(item) ?? []).map((text) => JSON.parse(text) as LedgerRecord);
  return records.filter(({ type }) => type === "call.unresolved");
}
const unresolved = async () => (await unresolvedRecords()).map(({ call }) => call);

test("a call whose outcome is in the ledger alone, because the archive lags behind, is not unresolved", async () => {
  await archive(await record("lags"));
  await record("lags", { type: "call.completed", outcome: "ok" });
  await reconcile(0);
  expect(await unresolved()).toEqual([]);
});

test.each<[string, Partial<RecordEntry>, boolean]>([
  ["completed", { type: "call.completed", outcome: "tool-error" }, false],
  ["denied after it was received", { type: "call.denied", outcome: "denied" }, false],
  [
    "asked for something by its server, which was denied",
    { type: "call.denied", outcome: "denied", sender: "server", method: "sampling/createMessage" },
    true,
  ],
  [
    "asked by its server for what it is itself, which was denied",
    { type: "call.denied", outcome: "denied", sender: "server" },
    true,
  ],
  ["detached", { type: "message.relayed", outcome: "detached" }, false],
  ["told something", { type: "message.relayed", outcome: "relayed" }, true],
])("a call that was %s is unresolved or not, in the archive as in the ledger", async (name, change, open) => {
  const before = await unresolved();
  const both = { archived: `${name} archived`, hot: `${name} hot` };
  await archive(await record(both.archived), await record(both.archived, change));
  await archive(await record(both.hot));
  await record(both.hot, change);
  await reconcile(0);
  const told = (await unresolved()).filter((call) => !before.includes(call)).sort();
  expect(told).toEqual(open ? [both.archived, both.hot] : []);
});

test("a call is unresolved after 20 minutes, longer than any can last", async () => {
  await archive(await record("young"));
  await reconcile();
  expect(await unresolved()).not.toContain("young");
});

test("its record tells when it became so, and when that was written down", async () => {
  await archive(await record("told late"));
  await sleep(50);
  await reconcile(10);
  const told = (await unresolvedRecords()).find(({ call }) => call === "told late");
  const happened = Date.parse(told?.occurredAt ?? "");
  expect(decodeTime(told?.id ?? "")).toBe(happened);
  expect(Date.parse(told?.recordedAt ?? "")).toBeGreaterThanOrEqual(happened + 40);
});

test("a run without time for all of them fails, and the next one goes on", async () => {
  await archive(await record("left"));
  await expect(reconcile(0, {}, 0)).rejects.toThrow(/no time for [1-9]/);
  expect(await unresolved()).not.toContain("left");
  await reconcile(0);
  expect(await unresolved()).toContain("left");
});

test("looks back as far as it is told, and no farther than the manifest is kept", async () => {
  for (const hours of [0, 721, Number.NaN]) await expect(reconcile(0, { hours })).rejects.toThrow("from 1 to 720");
});

// Last: it stays in the archive, and fails every run.
test("an object that cannot be read fails the run, after everything else is settled", async () => {
  await archive(await record("beside it"));
  const key = "transcripts/dt=2026-01-01/hh=00/broken.jsonl.gz";
  await aws.s3.send(new PutObjectCommand({ Bucket: "masked", Key: key, Body: "half a downl" }));
  const stored = { version: "", hash: "" };
  const entry = { key, records: 1, root: "", masked: stored, sealed: stored, writers: [] };
  await manifest(environment).note(entry, Date.now());
  await expect(reconcile(0)).rejects.toThrow(
    "1 archive objects cannot be read, 0 calls could not be settled, no time for 0",
  );
  expect(await unresolved()).toContain("beside it");
});
