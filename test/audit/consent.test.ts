import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { consents } from "../../lambdas/audit/consent.ts";
import { recordsOfChange } from "../../lambdas/domain/approval/changes.ts";
import { mailOf } from "../../lambdas/domain/approval/mail.ts";
import { partitionOf } from "../../lambdas/domain/evidence/archive-object.ts";
import { signedIn } from "../approvals/support/desk.ts";
import { type AuditRoom, openAuditRoom } from "./support/audit-room.ts";

let room: AuditRoom;
beforeAll(async () => {
  room = await openAuditRoom({ reveal: { approval: "platform", usableFor: 600 } });
}, 60_000);
afterAll(() => room?.stop());
beforeEach(() => room.tables.mend());

const HOUR = 3_600_000;
const saying = (secret: string) => JSON.stringify({ result: { text: `before ${secret} after` } });
const span = () => ({
  from: new Date(Date.now() - HOUR).toISOString(),
  to: new Date(Date.now() + HOUR).toISOString(),
});
const [auditor, approver, other] = [
  signedIn("auditor", "auditors"),
  signedIn("approver-one", "approvers"),
  signedIn("auditor-two", "auditors"),
];

/** The approval that a refusal names. */
async function pendingOf(body: object, who = auditor): Promise<string> {
  const answer = await room.reveal(body, who);
  expect(answer).toMatchObject({ status: 409, body: { code: "approval_pending" } });
  const [, id = ""] = /^pending approval ([a-z2-7]{26}): /.exec(answer.body.message) ?? [];
  expect(id).not.toBe("");
  return id;
}
const responses = (body: { originals: { response: string }[] }) => body.originals.map(({ response }) => response);

describe("a reveal for which somebody else must agree", () => {
  test("waits for them, is shown once, and its records name the approval and who gave it", async () => {
    const line = await room.masked("one", "s3cret-one");
    await room.archive(line);
    const operations = room.watch();
    const id = await pendingOf({ record: line.record.id });
    expect(await pendingOf({ record: line.record.id }), "the same again is the same approval").toBe(id);
    expect(operations).not.toContain("Decrypt");
    expect(await room.approvals.get(id)).toMatchObject({
      kind: "reveal",
      status: "PENDING",
      group: "platform",
      requesterId: "company|auditor",
      target: `record ${line.record.id}`,
      arguments: JSON.stringify({ record: line.record.id, reason: "looking into it" }),
    });
    expect((await room.decide(id, approver)).body).toMatchObject({ status: "APPROVED" });
    const { status, body } = await room.reveal({ record: line.record.id });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(responses(body)).toEqual([saying("s3cret-one")]);
    const told = await room.records("transcript.revealed", "seal.opened");
    expect(told.map(({ type, approval }) => [type, approval?.id, approval?.by])).toEqual([
      ["transcript.revealed", id, approver.name],
      ["seal.opened", id, approver.name],
    ]);
    expect(await room.approvals.get(id)).toMatchObject({ status: "COMPLETED" });
    expect(await pendingOf({ record: line.record.id }), "it is used: another one is asked for").not.toBe(id);
  });

  test("is bound to what was asked, why, and by whom", async () => {
    for (const session of ["bound", "unbound"]) await room.masked(session, "x");
    const id = await pendingOf({ session: "bound" });
    await room.decide(id, approver);
    const others = [
      await pendingOf({ session: "unbound" }),
      await pendingOf({ session: "bound", reason: "another reason" }),
      await pendingOf({ session: "bound", ...span() }),
      await pendingOf({ session: "bound" }, other),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
    expect(await room.reveal({ session: "bound", approval: id }, other)).toMatchObject({ status: 404 });
    expect(await room.reveal({ session: "unbound", approval: id })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("is for another reveal") },
    });
    expect(await room.reveal({ session: "bound" })).toMatchObject({ status: 200 });
  });

  test("is never agreed to by who asks, under whatever account, nor by whom policy does not permit", async () => {
    await room.masked("own", "x");
    const both = signedIn("both", "auditors", "approvers");
    const id = await pendingOf({ session: "own" }, both);
    expect(await room.decide(id, both)).toMatchObject({
      status: 403,
      body: { message: "you want to see it yourself: somebody else must agree" },
    });
    const again = { ...signedIn("both-b", "approvers"), person: both.person };
    expect(await room.decide(id, again)).toMatchObject({ status: 403 });
    expect(await room.decide(id, other)).toMatchObject({ status: 403 });
    await pendingOf({ session: "own" }, both);
  });

  test("that was denied stays refused, and says by whom and why", async () => {
    await room.masked("denied", "x");
    const id = await pendingOf({ session: "denied" });
    await room.decide(id, approver, { verdict: "deny", reason: "not your case" });
    expect(await room.reveal({ session: "denied" })).toMatchObject({
      status: 409,
      body: { code: "approval_decided", message: `approval ${id} was denied by ${approver.name}: not your case` },
    });
    expect(await room.reveal({ session: "denied", reason: "in other words" })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("the denial stands until") },
    });
  });

  test("is over when its time is, and when it was taken back", async () => {
    await room.masked("late", "x");
    const id = await pendingOf({ session: "late" });
    await room.decide(id, approver);
    const { until = 0 } = (await room.approvals.get(id)) ?? {};
    expect(until - Date.now()).toBeGreaterThan(500_000);
    await room.approvals.withdraw(id, { by: "somebody", reason: "wrong session", at: Date.now() });
    const next = await pendingOf({ session: "late" });
    expect(next).not.toBe(id);
    await room.decide(next, approver);
    await room.outdate(next);
    expect(await pendingOf({ session: "late" })).not.toBe(next);
  });

  test("of a group that is not asked any more is worth nothing", async () => {
    await room.masked("regrouped", "x");
    const id = await pendingOf({ session: "regrouped" });
    await room.decide(id, approver);
    await room.aws.dynamoDb.send(
      new UpdateItemCommand({
        TableName: "approvals",
        Key: { pk: { S: `approval#${id}` }, sk: { S: "state" } },
        UpdateExpression: "SET #group = :former",
        ExpressionAttributeNames: { "#group": "group" },
        ExpressionAttributeValues: { ":former": { S: "former" } },
      }),
    );
    expect(await room.reveal({ session: "regrouped", approval: id })).toMatchObject({ status: 409 });
    expect(await pendingOf({ session: "regrouped" })).not.toBe(id);
  });

  test("by a group that is not configured stops the function, and opens nothing", () => {
    const config = { approverGroups: [], reveal: { approval: "nobody", usableFor: 1 } };
    expect(() =>
      consents({ settings: { config } } as never, async () => ({ plain: Buffer.alloc(32), wrapped: "" })),
    ).toThrow("is not configured");
  });

  test("is not asked for where there is nothing", async () => {
    expect(await room.reveal({ record: "01JG0000000000000000000001" })).toMatchObject({ status: 404 });
    expect(await room.reveal({ session: "nobody's" })).toMatchObject({ status: 404 });
  });

  test("that failed before anything was shown can be asked for again", async () => {
    const line = await room.masked("failing", "later");
    await room.archive(line);
    const ask = { session: "failing", ...span() };
    const id = await pendingOf(ask);
    await room.decide(id, approver);
    const broken = { Bucket: "sealed", Key: `${partitionOf(Date.now())}0-broken` };
    await room.aws.s3.send(new PutObjectCommand({ ...broken, Body: "half a downl" }));
    expect(await room.reveal(ask)).toMatchObject({ status: 500 });
    expect(await room.approvals.get(id)).toMatchObject({ status: "APPROVED" });
    await room.aws.s3.send(new DeleteObjectCommand(broken));
    expect(responses((await room.reveal(ask)).body)).toEqual([saying("later")]);
  });

  test("of which nobody knows what was shown is good for nothing more", async () => {
    await room.masked("cut off", "quiet");
    const id = await pendingOf({ session: "cut off" });
    await room.decide(id, approver);
    // It is taken, and after that nothing is written any more.
    room.tables.cutAfter(1, (operation) => operation === "UpdateItem");
    expect((await room.reveal({ session: "cut off" })).status).toBeGreaterThanOrEqual(500);
    room.tables.mend();
    expect(await room.reveal({ session: "cut off" })).toMatchObject({
      status: 409,
      body: { message: `approval ${id} is in use: it is good for one reveal` },
    });
    await room.outdate(id);
    expect(await pendingOf({ session: "cut off" })).not.toBe(id);
  });
});

describe("pages", () => {
  test("are shown in their order, each once, and nobody begins again in between", async () => {
    for (let at = 0; at < 53; at += 1) await room.masked("long", `n${at}`);
    const id = await pendingOf({ session: "long" });
    await room.decide(id, approver);
    const first = await room.reveal({ session: "long" });
    expect(first.body.originals).toHaveLength(50);
    expect(await room.reveal({ session: "long" })).toMatchObject({
      status: 409,
      body: { message: `approval ${id} is in use: it is good for one reveal` },
    });
    const elsewhere = first.body.originals[3].record;
    expect(await room.reveal({ session: "long", begin: elsewhere })).toMatchObject({ status: 409 });
    const [one, two] = await Promise.all([1, 2].map(() => room.reveal({ session: "long", begin: first.body.next })));
    expect([one?.status, two?.status].sort()).toEqual([200, 409]);
    expect(await room.approvals.get(id)).toMatchObject({ status: "COMPLETED" });
    expect(await room.reveal({ session: "long", begin: first.body.next })).toMatchObject({ status: 409 });
  });

  test("that are being shown, or of which nobody knows whether they were, are not shown again, however often asked for", async () => {
    for (let at = 0; at < 51; at += 1) await room.masked("twice", `n${at}`);
    const id = await pendingOf({ session: "twice" });
    await room.decide(id, approver);
    const { next: begin } = (await room.reveal({ session: "twice" })).body;
    const { executedBy = "" } = (await room.approvals.get(id)) ?? {};
    expect(await room.approvals.resume(id, executedBy, 1, Date.now() + HOUR)).toBe(true);
    for (const _ of [1, 2, 3]) expect(await room.reveal({ session: "twice", begin })).toMatchObject({ status: 409 });
    expect(await room.approvals.get(id)).toMatchObject({ status: "EXECUTING", rounds: -1 });
    expect(await room.reveal({ session: "twice" })).toMatchObject({ status: 409 });
  });

  test("of which nothing was shown can be asked for again, and the ones before them cannot", async () => {
    const lines = [];
    for (let at = 0; at < 51; at += 1) lines.push(await room.masked("halting", `n${at}`));
    await room.archive(...lines);
    const ask = { session: "halting", ...span() };
    const id = await pendingOf(ask);
    await room.decide(id, approver);
    const { next: begin } = (await room.reveal(ask)).body;
    const broken = { Bucket: "sealed", Key: `${partitionOf(Date.now())}z-broken` };
    await room.aws.s3.send(new PutObjectCommand({ ...broken, Body: "half a downl" }));
    expect(await room.reveal({ ...ask, begin })).toMatchObject({ status: 500 });
    await room.aws.s3.send(new DeleteObjectCommand(broken));
    expect(await room.reveal(ask)).toMatchObject({ status: 409 });
    expect(responses((await room.reveal({ ...ask, begin })).body)).toEqual([saying("n50")]);
    expect(await room.approvals.get(id)).toMatchObject({ status: "COMPLETED" });
  });
});

describe("a search", () => {
  test("is agreed to by who has read its text, which lies sealed, and names its approval when it comes again", async () => {
    const line = await room.masked("sought", "key-4711");
    await room.archive(line);
    const search = { search: "key-4711", ...span() };
    const id = await pendingOf(search);
    const row = await room.approvals.get(id);
    expect(JSON.stringify(row)).not.toContain("4711");
    expect(JSON.parse(row?.arguments ?? "")).toMatchObject({ search: "[8 characters, sealed]", from: search.from });
    expect(await room.decide(id, approver)).toMatchObject({ status: 409, body: { code: "reveal_needed" } });
    const { body } = await room.openArguments(id, approver);
    expect(JSON.parse(body.arguments)).toMatchObject({ search: "key-4711", reason: "looking into it" });
    expect((await room.decide(id, approver)).status).toBe(200);
    expect(await room.reveal({ ...search, search: "key-0815", approval: id })).toMatchObject({ status: 409 });
    const found = await room.reveal({ ...search, approval: id });
    expect(found.status, JSON.stringify(found.body)).toBe(200);
    expect(found.body.originals.map(({ record }: { record: string }) => record)).toContain(line.record.id);
    const told = (await room.records("transcript.revealed")).filter(({ approval }) => approval?.id === id);
    expect(told.map(({ outcome }) => outcome)).toEqual(["searched", "revealed"]);
  });

  test("leaves no name from which its text could be tried out", async () => {
    const search = { search: "123-45-6789", ...span() };
    expect(await pendingOf(search)).not.toBe(await pendingOf(search));
  });
});

test("the group is mailed what is asked for, by whom, and where to decide; the records tell the same story", async () => {
  await room.masked("mailed", "x");
  const row = await room.approvals.get(await pendingOf({ session: "mailed" }));
  if (row === undefined) throw new Error("there is no row");
  const { subject, message } = mailOf(row);
  expect(subject).toBe("Reveal asked for: Evidence session_mailed");
  expect(message).toContain("Somebody asks to see what masking hides.");
  expect(recordsOfChange(undefined, row, row.createdAt)).toMatchObject([
    { type: "approval.requested", session: "mailed", target: "session mailed", principal: { id: "company|auditor" } },
  ]);
});
