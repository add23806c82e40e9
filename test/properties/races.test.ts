import { afterAll, beforeAll, expect, test } from "vitest";
import { approving } from "../support/approving.ts";
import { type Gateway, legacy, openGateway } from "../support/gateway.ts";
import { pause } from "../support/scripted-server.ts";
import { type AccountingServer, startAccounting } from "./support/server.ts";

/** Milliseconds that a hundred people at once may take on a busy machine. */
const PATIENCE = 120_000;
const RETRIES = 200;
const DECISIONS = 52;
/** Milliseconds in which a call that was let through before the block may still be on its way to the server. */
const GRACE = 0;
const APPROVERS = ["approver-one", "approver-two", "approver-three", "approver-four"];

let server: AccountingServer;
let gateway: Gateway;
let desk: ReturnType<typeof approving>;
beforeAll(async () => {
  server = await startAccounting("iam", ["create_role", "add_user", "grant_permission"]);
  gateway = await openGateway({
    moreServers: [server.entry],
    // Nobody is held: who asks is answered at once.
    times: { maxHeld: 0, denialStandsFor: "1s" },
  });
  desk = approving(gateway);
}, 120_000);
afterAll(async () => {
  await gateway?.stack.stop();
  await server?.stop();
}, 30_000);

const call = async (tool: string, name: string) => {
  const message = legacy("tools/call", { name: tool, arguments: { name } });
  const { messages, text } = await gateway.send("iam", { ...message, patience: PATIENCE });
  return String(messages.at(-1)?.result?.content?.[0]?.text ?? text);
};
const asked = async (tool: string, name: string) => {
  const id = (await call(tool, name)).match(/PENDING APPROVAL (\S+)\./)?.[1];
  if (id === undefined) throw new Error("no approval is pending");
  return id;
};
const recordsOf = (id: string) => gateway.records(({ approval }) => approval?.id === id);

/** The result, the wait over the limit, or a table that did not answer in time: each true, and none runs anything. */
const REFUSED = /^REFUSED by Countersign: .* nothing was executed/i;
const ANSWERS = new RegExp(
  `^create_role done raced$|^RUNNING under approval|^The wait for approval \\S+ was lost|${REFUSED.source}`,
  "i",
);

test(`${RETRIES} retries of one approved call at once run it once, and each is answered`, async () => {
  const id = await asked("create_role", "raced");
  expect((await desk.decide(id, "approve")).status).toBe(200);
  const texts = await Promise.all(Array.from({ length: RETRIES }, () => call("create_role", "raced")));
  expect(server.runsOf("raced")).toHaveLength(1);
  for (const text of texts) expect(text).toMatch(ANSWERS);
  expect(texts.filter((text) => text.includes("done")).length).toBeGreaterThan(0);
  expect(await call("create_role", "raced"), "who came too early collects it").toContain("done");
  expect(server.runsOf("raced")).toHaveLength(1);

  await gateway.stack.drain();
  const records = await recordsOf(id);
  expect(records.filter(({ type }) => type === "approval.consumed")).toHaveLength(1);
  const received = await gateway.records(
    ({ type, request }) => type === "call.received" && request?.text?.includes('"raced"') === true,
  );
  const unrecorded = texts.filter((text) => REFUSED.test(text)).length;
  expect(received.length, "every try is on record, or was refused for want of one").toBeGreaterThanOrEqual(
    RETRIES + 2 - unrecorded,
  );
}, 180_000);

test(`${DECISIONS} decisions of four people at once have one outcome, and each is recorded`, async () => {
  const id = await asked("add_user", "decided");
  const answers = await Promise.all(
    Array.from({ length: DECISIONS }, (_, at) =>
      desk.decide(id, at % 2 === 0 ? "approve" : "deny", {}, APPROVERS[at % APPROVERS.length]),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { status, body } of answers)
    if (status !== 200) expect([status, body.code]).toEqual([409, "approval_decided"]);
  const [won] = answers.filter(({ status }) => status === 200);
  const [text, again] = [await call("add_user", "decided"), await call("add_user", "decided")];
  const approved = won?.body.status === "APPROVED";
  for (const said of [text, again]) expect(said).toMatch(approved ? /done/ : /denied/);
  expect(server.runsOf("decided")).toHaveLength(approved ? 1 : 0);

  await gateway.stack.drain();
  const records = await recordsOf(id);
  expect(records.filter(({ type }) => type === "approval.decided")).toHaveLength(1);
  expect(records.filter(({ type }) => type === "access.refused")).toHaveLength(DECISIONS - 1);
}, 180_000);

test("a block while retries race lets nothing run after it was answered", async () => {
  const names = Array.from({ length: 8 }, (_, at) => `cut-${at}`);
  for (const name of names)
    expect((await desk.decide(await asked("grant_permission", name), "approve")).status).toBe(200);
  const path = `/principals/${encodeURIComponent(gateway.principal)}`;
  const racing = names.flatMap((name) =>
    Array.from({ length: 4 }, async (_, at) => {
      await pause(at * 40);
      return call("grant_permission", name);
    }),
  );
  await pause(60);
  expect((await desk.api("admin", `${path}/block`, { reason: "left the company" })).status).toBe(200);
  const blockedAt = performance.now();
  await Promise.all(racing);
  const late = await Promise.all(names.map((name) => call("grant_permission", name)));
  for (const text of late) expect(text).toContain("blocked");
  for (const name of names) {
    expect(server.runsOf(name).length).toBeLessThanOrEqual(1);
    for (const { at } of server.runsOf(name)) expect(at, `${name} ran after the block`).toBeLessThan(blockedAt + GRACE);
  }
  expect((await desk.api("admin", `${path}/unblock`, { reason: "back" })).status).toBe(200);
}, 180_000);

test("who asks cannot approve, by no token that they have", async () => {
  const id = await asked("create_role", "own");
  const mine = await desk.decide(id, "approve", {}, "developer");
  expect(mine).toMatchObject({ status: 403, body: { code: "forbidden" } });
  const response = await fetch(`${gateway.stack.publicUrl}/approvals/${id}/decision`, {
    method: "POST",
    headers: { authorization: `Bearer ${gateway.developer}`, "content-type": "application/json" },
    body: JSON.stringify({ verdict: "approve", reason: "mine", rendered: "0".repeat(64) }),
  });
  expect(response.status).toBeGreaterThanOrEqual(401);
  expect(await call("create_role", "own")).toContain("PENDING");
  expect(server.runsOf("own")).toHaveLength(0);
}, 60_000);

test("without the ledger nothing runs, and what the server saw was on record before", async () => {
  const id = await asked("create_role", "cut");
  expect((await desk.decide(id, "approve")).status).toBe(200);
  const { dynamodb } = gateway.stack.faults;
  dynamodb.cut();
  expect(await call("create_role", "cut")).toMatch(/nothing was executed|failed/);
  expect(server.runsOf("cut")).toHaveLength(0);
  // The first answer is of the record's own put or of the count beside it, as it happens; then the door is shut.
  for (let after = 1; after <= 3; after += 1) {
    dynamodb.cutAfter(after);
    await call("create_role", "cut");
    expect(server.runsOf("cut")).toHaveLength(0);
  }
  dynamodb.mend();
  expect(await call("create_role", "cut")).toContain("done");
  expect(server.runsOf("cut")).toHaveLength(1);
}, 60_000);

test("an approval whose flow could not be started gets one when Step Functions is back", async () => {
  const { stepFunctions } = gateway.stack.faults;
  stepFunctions.cut();
  const id = await asked("grant_permission", "no-flow");
  await pause(1500);
  expect(gateway.stack.inbox.messages.some(({ text }) => text.includes(id))).toBe(false);
  stepFunctions.mend();
  await gateway.stack.inbox.waitFor(({ text }) => text.includes(id), 30_000);
  await gateway.stack.drain();
  const requested = (await recordsOf(id)).filter(({ type }) => type === "approval.requested");
  expect(requested, "recorded once, however often it was tried").toHaveLength(1);
}, 60_000);
