import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ListSubscriptionsByTopicCommand, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApprovalsTable, approvalsTable } from "../../lambdas/aws/approvals-table.ts";
import { approversOf } from "../../lambdas/aws/approvers.ts";
import { type GrantsTable, grantsTable } from "../../lambdas/aws/grants-table.ts";
import type { Approval } from "../../lambdas/domain/approval/approval.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { createSweeper } from "../../lambdas/sweeper/sweeper.ts";
import { invocation } from "../../local/api/functions.ts";
import { localAws } from "../../local/aws.ts";
import type { Mail } from "../../local/inbox.ts";
import { type LocalStack, startLocalStack } from "../../local/stack.ts";
import { putGrant } from "../support/put-grant.ts";
import { approval, decisionOf, grant } from "../support/samples.ts";

const MINUTE = 60_000;

let stack: LocalStack;
let approvals: ApprovalsTable;
let grants: GrantsTable;

beforeAll(async () => {
  stack = await startLocalStack({
    times: { singleMails: 1 },
    sweeper: { every: 300, grace: 1000 },
    groups: { security: { quorum: 3 } },
  });
  approvals = approvalsTable(stack.environmentOf("sweeper"));
  grants = grantsTable(stack.environmentOf("sweeper"));
}, 120_000);
afterAll(() => stack?.stop());

/** An approval of its own call, asked for now. */
const asked = (change: Partial<Approval> = {}): Approval => {
  const now = Date.now();
  const name = [...randomBytes(26)].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("");
  return approval({
    id: name,
    callDigest: name,
    createdAt: now,
    deadline: now + 30 * MINUTE,
    session: `session-${name}`,
    ...change,
  });
};
const mailsAbout = (id: string) => stack.inbox.messages.filter(({ links }) => links.some((link) => link.endsWith(id)));
const mailed = (id: string) => stack.inbox.waitFor((mail) => mail.links.some((link) => link.endsWith(id)));

async function until<T>(look: () => Promise<T | undefined | false>, patience = 15_000): Promise<T> {
  for (const end = Date.now() + patience; ; await sleep(100)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error("it did not come to that");
  }
}

async function recordsOf(fits: (record: LedgerRecord) => boolean): Promise<LedgerRecord[]> {
  return (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord).filter(fits);
}

/** Waits until a minute has so much left that what comes now falls into one. */
async function roomInMinute(milliseconds: number): Promise<void> {
  const left = MINUTE - (Date.now() % MINUTE);
  if (left < milliseconds) await sleep(left + 50);
}

test("an approval whose flow the recorder could not start gets it, and is mailed once, also when the recorder comes back", async () => {
  stack.faults.stepFunctions.cut();
  const row = asked({ server: "ops", target: "forsaken_tool" });
  expect(await approvals.open(row, undefined)).toBe(true);
  const mail = await mailed(row.id);
  expect(mail.subject).toBe("Approval needed: ops forsaken_tool");
  await until(async () => (await approvals.get(row.id))?.taskToken);
  expect((await approvals.get(row.id))?.status).toBe("PENDING");

  stack.faults.stepFunctions.mend();
  await stack.drain();
  expect(mailsAbout(row.id)).toHaveLength(1);
  const types = (await recordsOf((record) => record.approval?.id === row.id)).map(({ type }) => type);
  expect(types).toEqual(["approval.requested"]);
}, 40_000);

test("an approval past its deadline that no flow ended is expired, and recorded as such", async () => {
  // Its flow waits for half an hour from its start on; that it was to end already only the row says.
  const now = Date.now();
  const row = asked({ createdAt: now - 30 * MINUTE, deadline: now + 2000 });
  await approvals.open(row, undefined);
  await until(async () => (await approvals.get(row.id))?.taskToken);
  await until(async () => (await approvals.get(row.id))?.status === "EXPIRED");
  expect((await approvals.get(row.id))?.taskToken).toBeUndefined();
  await stack.drain();
  const types = (await recordsOf((record) => record.approval?.id === row.id)).map(({ type }) => type).sort();
  expect(types).toEqual(["approval.expired", "approval.requested"]);
}, 40_000);

test("what was decided is left alone", async () => {
  const now = Date.now();
  const row = asked({ createdAt: now - 30 * MINUTE, deadline: now + 3000 });
  await approvals.open(row, undefined);
  expect(await approvals.decide(row, decisionOf("approver", "deny", now + 1), "DENIED", now + MINUTE)).toBe(true);
  await sleep(5000);
  expect((await approvals.get(row.id))?.status).toBe("DENIED");
}, 20_000);

test("a grant whose calls are used up is ended, and its record says so", async () => {
  const now = Date.now();
  const principal = "company|thrifty";
  const used = grant({
    id: "grant-used",
    principal,
    createdAt: now,
    endsAt: now + 60 * MINUTE,
    usesLeft: 0,
    uses: 2,
    lastUsedAt: now,
  });
  const left = grant({ id: "grant-left", principal, createdAt: now, endsAt: now + 60 * MINUTE, usesLeft: 1 });
  for (const each of [used, left]) await putGrant(stack.environmentOf("sweeper"), each);
  expect(await until(async () => (await grants.of(principal)).find(({ status }) => status === "ENDED"))).toMatchObject({
    id: used.id,
    endReason: "every call it was for was made",
  });
  expect((await grants.of(principal)).find(({ id }) => id === left.id)?.status).toBe("ACTIVE");
  const records = await recordsOf(({ type, grant: about }) => type === "grant.ended" && about?.id === used.id);
  expect(records).toMatchObject([
    { reason: "every call it was for was made", occurredAt: new Date(now).toISOString() },
  ]);
});

test("a grant past its time is ended by time, with one record; one in force is not", async () => {
  const now = Date.now();
  const over = grant({ id: "grant-over", createdAt: now - MINUTE, endsAt: now + 1000 });
  const inForce = grant({ id: "grant-in-force", createdAt: now, endsAt: now + MINUTE });
  for (const each of [over, inForce]) await putGrant(stack.environmentOf("sweeper"), each);
  const ended = await until(async () => (await grants.of(over.principal)).find(({ status }) => status === "ENDED"));
  expect(ended).toMatchObject({ id: over.id, endedBy: "time", endReason: "its time is over" });
  await sleep(1000);
  await stack.drain();
  expect((await grants.of(over.principal)).find(({ id }) => id === inForce.id)?.status).toBe("ACTIVE");
  const records = await recordsOf((record) => record.type === "grant.ended" && record.grant?.id === over.id);
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    component: "sweeper",
    occurredAt: new Date(over.endsAt).toISOString(),
    outcome: "ended",
    reason: "its time is over",
    approval: { by: "time" },
    grant: { id: over.id, approval: over.approval },
  });
}, 20_000);

test("fourteen approvals of one minute lead to two mails: the first is named, all others that wait are counted", async () => {
  await roomInMinute(25_000);
  const before = stack.inbox.messages.length;
  const rows = Array.from({ length: 14 }, () => asked({ group: "security" }));
  for (const row of rows) await approvals.open(row, undefined);
  await stack.drain();
  const waiting = async () => {
    const found = await Promise.all(rows.map(({ id }) => approvals.get(id)));
    return found.every((row) => row?.taskToken !== undefined);
  };
  await until(waiting, 30_000);
  const early = stack.inbox.messages.slice(before);
  expect(early.map(({ subject }) => subject)).toEqual(["Approval needed: ops create_role"]);
  const first = rows.find(({ id }) => early[0]?.links[0]?.endsWith(id));

  // Four of the others are decided before the minute is over: nobody needs to be told of them.
  const others = rows.filter((row) => row !== first);
  for (const row of others.slice(0, 4)) {
    const found = await approvals.get(row.id);
    const at = Date.now();
    expect(found && (await approvals.decide(found, decisionOf("a", "deny", at), "DENIED", at))).toBe(true);
  }
  const summary: Mail = await stack.inbox.waitFor(({ subject }) => subject.includes("more approvals"), 90_000);
  expect(summary.subject).toBe("9 more approvals wait for security");
  expect(summary.topicArn).toBe(early[0]?.topicArn);
  expect(summary.links).toEqual([`${rows[0]?.baseUrl}/console/#/`]);
  await sleep(2000);
  expect(stack.inbox.messages.slice(before)).toHaveLength(2);
}, 150_000);

test("a group's confirmed addresses are counted; one that has too few is looked at in each run", async () => {
  const of = approversOf(stack.environmentOf("gateway"));
  expect(await until(async () => of("security"))).toBeGreaterThanOrEqual(3);
  expect(await of("platform")).toBeGreaterThanOrEqual(1);
  expect(await of("nobody-heard-of")).toBeUndefined();

  const { sns } = localAws(String(stack.place.environment.AWS_ENDPOINT_URL));
  const { platform: TopicArn } = JSON.parse(String(stack.environmentOf("sweeper").TOPIC_ARNS)) as { platform: string };
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  for (const { SubscriptionArn } of Subscriptions) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  await sleep(1000);
  expect(await of("platform"), "what was enough is relied on for an hour").toBeGreaterThanOrEqual(1);
  const anHourLater = createSweeper(stack.environmentOf("sweeper"), { checkApprovers: 0 });
  await anHourLater({}, invocation("sweeper", 50));
  expect(await of("platform")).toBe(0);

  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: `${stack.inbox.url}/deliver` }));
  await until(async () => (await of("platform")) === 1);
}, 30_000);

test("one part that fails keeps no other from its work, and the run says that it failed", async () => {
  const over = grant({ id: "grant-beside", principal: "company|beside", endsAt: Date.now() - 1 });
  const environment = { ...stack.environmentOf("sweeper"), AWS_ENDPOINT_URL_SNS: "http://127.0.0.1:9" };
  await putGrant(environment, over);
  const run = createSweeper(environment, { checkApprovers: 0 })({}, invocation("sweeper", 50));
  await expect(run).rejects.toThrow("the sweep failed in checkApprovers");
  expect((await grants.of(over.principal))[0]?.status).toBe("ENDED");
}, 30_000);
