import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, GetObjectLegalHoldCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createArchiver } from "../../lambdas/archiver/archiver.ts";
import { environmentSigner } from "../../lambdas/aws/environment-signer.ts";
import { type HoldRow, holdsTable } from "../../lambdas/aws/holds-table.ts";
import { ledgerTable } from "../../lambdas/aws/ledger-table.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { keeps } from "../../lambdas/domain/evidence/hold.ts";
import type { Line } from "../../lambdas/domain/evidence/line.ts";
import type { LedgerRecord, RecordEntry } from "../../lambdas/domain/evidence/record.ts";
import { createWriter, type Writer } from "../../lambdas/domain/evidence/writer.ts";
import { createHolder } from "../../lambdas/holder/holder.ts";
import { newIds } from "../../lambdas/new-ids.ts";
import { localAws } from "../../local/aws.ts";
import { openDesk, signedIn, type TestDesk } from "../approvals/support/desk.ts";

const one = signedIn("auditor-one", "auditors");
const two = signedIn("auditor-two", "auditors");

let desk: TestDesk;
let environment: Record<string, string>;
let aws: ReturnType<typeof localAws>;
let writer: Writer;

beforeAll(async () => {
  desk = await openDesk();
  environment = {
    ...desk.environment,
    AWS_ENDPOINT_URL_DYNAMODB: desk.environment.AWS_ENDPOINT_URL,
    MASKED_VAULT: "masked",
    SEALED_VAULT: "sealed",
  };
  aws = localAws(desk.environment.AWS_ENDPOINT_URL);
  for (const Bucket of ["masked", "sealed"])
    await aws.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const signer = environmentSigner(environment, "gateway");
  const ledger = ledgerTable(environment, 14);
  writer = createWriter({ ledger, component: "gateway", signer, now: Date.now, newId: newIds() });
}, 60_000);
afterAll(() => desk?.stop());

const record = (session: string, change: Partial<RecordEntry> = {}) =>
  writer.append({
    type: "call.received",
    occurredAt: new Date().toISOString(),
    session,
    call: `call-${session}`,
    outcome: "received",
    ...change,
  });

/** Archives lines as one object. @returns its key */
async function archive(...lines: readonly Line[]): Promise<string> {
  const before = await keysOf("masked", "transcripts/");
  const Records = lines.map(({ text, signature }) => ({
    eventName: "INSERT",
    dynamodb: {
      ApproximateCreationDateTime: Date.now() / 1000,
      NewImage: { line: { S: text }, signature: { S: signature } },
    },
  }));
  await createArchiver(environment)({ Records } as never, {} as Context);
  return (await keysOf("masked", "transcripts/")).find((key) => !before.includes(key)) ?? "";
}

async function keysOf(Bucket: string, Prefix: string): Promise<string[]> {
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

async function isHeld(Bucket: string, Key: string): Promise<boolean> {
  try {
    const { LegalHold } = await aws.s3.send(new GetObjectLegalHoldCommand({ Bucket, Key }));
    return LegalHold?.Status === "ON";
  } catch (cause) {
    if (cause instanceof Error && cause.name === "NoSuchObjectLockConfiguration") return false;
    throw cause;
  }
}

/** Records of some types; the table holds the manifest as well. */
async function recorded(...types: readonly string[]): Promise<LedgerRecord[]> {
  const { Items = [] } = await aws.dynamoDb.send(new ScanCommand({ TableName: "ledger" }));
  const records = Items.flatMap(({ line }) => (line?.S === undefined ? [] : [JSON.parse(line.S) as LedgerRecord]));
  return records.filter(({ type }) => types.includes(type)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether an archive object is held in the masked vault, and whether in the sealed one. */
const held = async (key: string) => [await isHeld("masked", key), await isHeld("sealed", key)];

const run = (now = Date.now(), remaining = 600_000) =>
  createHolder(environment, () => now)({}, { getRemainingTimeInMillis: () => remaining } as Context);

async function putHold(body: object): Promise<string> {
  const answer = await desk.post("/holds", { as: one, body: { reason: "case 17", ...body } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.id;
}
const lift = (id: string, as: typeof one) => desk.post("/holds/{id}/lift", { as, body: { reason: "closed" } }, id);
const rowOf = async (id: string) => (await holdsTable(environment).all()).find((row) => row.id === id);

describe("a legal hold on a session", () => {
  let id: string;
  let own: string;
  let foreign: string;

  test("is put on its objects in both vaults, their bodies, the digests and the keys, and on nothing else", async () => {
    const body = { text: null, key: "bodies/call-kept-request.gz", originalHash: "", originalBytes: 1, findings: [] };
    const large = { ...body, findingCount: 0, sealedHash: null };
    for (const name of ["bodies/call-kept-request.gz", "bodies/foreign.gz", "keys/k.json.gz"])
      await vault(environment, "masked").put(name, name);
    await vault(environment, "masked").put("digests/dt=2026-01-01/hh=05/digest.json.gz", "{}");
    own = await archive(await record("kept", { request: large }), await record("beside"));
    foreign = await archive(await record("other"));
    id = await putHold({ session: "kept" });
    expect(await held(own)).toEqual([false, false]);
    await run();
    expect(await held(own)).toEqual([true, true]);
    expect(await held(foreign)).toEqual([false, false]);
    expect(await isHeld("masked", "bodies/call-kept-request.gz")).toBe(true);
    expect(await isHeld("masked", "bodies/foreign.gz")).toBe(false);
    expect(await isHeld("masked", "digests/dt=2026-01-01/hh=05/digest.json.gz")).toBe(true);
    expect(await isHeld("masked", "keys/k.json.gz")).toBe(true);
    expect(await rowOf(id)).toMatchObject({ objects: 5, listedTo: null });
  });

  test("reaches what is archived later, also under an hour long gone", async () => {
    const later = await archive(await record("kept"));
    const old = "transcripts/dt=2026-01-02/hh=03/redriven.jsonl.gz";
    const { text } = await record("kept");
    for (const bucket of ["masked", "sealed"]) await vault(environment, bucket).put(old, `${text}\n`);
    const stored = { version: "", hash: "" };
    const entry = { key: old, records: 1, root: "", masked: stored, sealed: stored, writers: [] };
    await manifest(environment).note(entry, Date.now());
    await run();
    expect(await held(later)).toEqual([true, true]);
    expect(await held(old)).toEqual([true, true]);
    const { objects } = (await rowOf(id)) ?? {};
    await run();
    expect((await rowOf(id))?.objects, "a second run changes nothing").toBe(objects);
  });

  test("lists the whole archive anew when the holder slept longer than the manifest is kept", async () => {
    const missed = "transcripts/dt=2026-01-02/hh=04/missed.jsonl.gz";
    const { text } = await record("kept");
    for (const bucket of ["masked", "sealed"]) await vault(environment, bucket).put(missed, `${text}\n`);
    await run();
    expect(await held(missed)).toEqual([false, false]);
    await run(Date.now() + 26 * 24 * HOUR);
    expect(await held(missed)).toEqual([true, true]);
  });

  test("is lifted by two people, each of whom is recorded, and by no one person", async () => {
    expect((await lift(id, one)).body).toEqual({ id, status: "LIFT_ASKED" });
    expect(await lift(id, one)).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/somebody else/) },
    });
    // The same human under another account is no second person.
    const again = { ...signedIn("auditor-one-b", "auditors"), person: one.person };
    expect((await lift(id, again)).status).toBe(403);
    await run();
    expect(await held(own), "asked is not lifted").toEqual([true, true]);
    expect((await lift(id, two)).body).toEqual({ id, status: "LIFTED" });
    expect((await lift(id, two)).status).toBe(409);
    expect(await recorded("hold.put", "hold.lift-asked", "hold.lifted")).toMatchObject([
      { type: "hold.put", target: `${id}: session kept`, reason: "case 17", principal: { id: one.id } },
      { type: "hold.lift-asked", principal: { id: one.id } },
      { type: "hold.lifted", reason: "closed", principal: { id: two.id } },
    ]);
  });

  test("leaves, once lifted, what another hold covers", async () => {
    const shared = await putHold({ session: "beside" });
    await run();
    expect(await held(own), "the object holds records of both sessions").toEqual([true, true]);
    expect(await isHeld("masked", "bodies/call-kept-request.gz"), "a body of the first alone").toBe(false);
    expect(await isHeld("masked", "keys/k.json.gz")).toBe(true);
    await lift(shared, one);
    await lift(shared, two);
    await run();
    expect(await held(own)).toEqual([false, false]);
    expect(await isHeld("masked", "keys/k.json.gz")).toBe(false);
  });
});

test("a hold on a principal and a time covers what fits both", async () => {
  const principal = { ...one, id: "company|suspect" };
  const mine = await archive(await record("by-suspect", { principal }));
  const others = await archive(await record("by-other", { principal: { ...one, id: "company|other" } }));
  const hour = (offset: number) => new Date(Date.now() + offset * HOUR).toISOString();
  await putHold({ principal: "company|suspect", from: hour(-1), until: hour(1) });
  const past = await putHold({ principal: "company|other", until: hour(-1) });
  await run();
  expect(await held(mine)).toEqual([true, true]);
  expect(await held(others)).toEqual([false, false]);
  expect((await rowOf(past))?.objects).toBeGreaterThanOrEqual(0);
});

test("a run without time left goes on where it ended", async () => {
  const key = await archive(await record("slow"));
  const id = await putHold({ session: "slow" });
  await run(Date.now(), 59_000);
  expect(await held(key)).toEqual([false, false]);
  expect(await rowOf(id)).toMatchObject({ listedTo: "" });
  await run();
  expect(await held(key)).toEqual([true, true]);
});

test.each([
  ["nothing that bounds it", {}, /one of "session"/],
  ["a time that is none", { from: "yesterday" }, /"from" must be a time/],
  ["an end before its beginning", { from: "2026-02-01T00:00:00Z", until: "2026-01-01T00:00:00Z" }, /must not be after/],
])("a hold with %s is refused", async (_, body, said) => {
  const answer = await desk.post("/holds", { as: one, body: { reason: "case 17", ...body } });
  expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(said) } });
});

test("whoever policy does not permit neither puts, lists nor lifts holds, and has left a record", async () => {
  const developer = signedIn("curious", "developers");
  expect((await desk.post("/holds", { as: developer, body: { session: "x", reason: "why not" } })).status).toBe(403);
  expect((await desk.get("/holds", { as: developer })).status).toBe(403);
  expect((await lift("01KAHZ", developer)).status).toBe(403);
  const refused = await recorded("access.refused");
  expect(refused.filter(({ principal }) => principal?.id === developer.id)).toHaveLength(3);
});

test("a row that says it was lifted, but not by two people, goes on keeping", () => {
  const word = { id: "a", person: "a@example.test", name: "A", reason: "x", at: 1 };
  const row = { status: "LIFTED", liftAsked: word, lifted: word } as unknown as HoldRow;
  expect(keeps(row)).toBe(true);
  expect(keeps({ ...row, liftAsked: null })).toBe(true);
  expect(keeps({ ...row, lifted: { ...word, person: "b@example.test" } })).toBe(false);
});
