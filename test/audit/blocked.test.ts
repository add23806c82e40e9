import { afterAll, beforeAll, expect, test } from "vitest";
import { signedIn } from "../approvals/support/desk.ts";
import { approval } from "../support/samples.ts";
import { type AuditRoom, openAuditRoom } from "./support/audit-room.ts";

const gone = signedIn("gone", "auditors", "administrators", "approvers");
const BLOCKED = { status: 403, body: { code: "forbidden", message: "you are blocked; ask an administrator" } };

let room: AuditRoom;
beforeAll(async () => {
  room = await openAuditRoom();
  await room.block(gone.id);
}, 60_000);
afterAll(() => room?.stop());

const refusals = async () =>
  (await room.records("access.refused")).map(({ target, outcome, reason, principal }) => [
    target,
    outcome,
    reason,
    principal?.id,
  ]);
const refusedAt = (target: string) => [target, "refused", BLOCKED.body.message, gone.id];

test("an auditor who is blocked reveals nothing, and the attempt is recorded", async () => {
  const line = await room.masked("blocked", "not for you");
  await room.archive(line);
  const operations = room.watch();
  expect(await room.reveal({ record: line.record.id }, gone)).toMatchObject(BLOCKED);
  expect(operations).not.toContain("Decrypt");
  expect(await refusals()).toContainEqual(refusedAt("/audit/reveal"));
  expect(await room.records("transcript.revealed")).toEqual([]);
});

test("an auditor who is blocked quarantines nothing, and the attempt is recorded", async () => {
  const line = await room.masked("to hide", "a secret");
  await room.archive(line);
  const order = { record: line.record.id, texts: ["before"] };
  expect(await room.quarantine(order, gone)).toMatchObject(BLOCKED);
  expect(await room.records("transcript.quarantined")).toEqual([]);
  expect(await refusals()).toContainEqual(refusedAt("/audit/quarantine"));
  expect(await room.quarantine(order), "an order that would have done something").toMatchObject({ status: 200 });
});

test("an approver who is blocked opens no arguments, and the attempt is recorded", async () => {
  const row = approval({ requesterId: "company|developer" });
  expect(await room.openArguments(row.id, gone)).toMatchObject(BLOCKED);
  expect(await refusals()).toContainEqual(refusedAt(`/approvals/${row.id}/reveal`));
});

test("nor does a path that nobody can read hide the attempt", async () => {
  expect(await room.openArguments("%FF", gone)).toMatchObject(BLOCKED);
  expect(await refusals()).toContainEqual(refusedAt("/approvals/%FF/reveal"));
});
