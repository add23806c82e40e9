import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { approvalsTable } from "../../lambdas/aws/approvals-table.ts";
import { approving } from "../support/approving.ts";
import { type Gateway, legacy, openGateway, openSession } from "../support/gateway.ts";
import {
  INITIALIZED,
  JSON_TYPE,
  rpc,
  type Script,
  type ScriptedServers,
  startScripted,
} from "../support/scripted-server.ts";

/** A tool for each test: approvals that one leaves behind are none of another's. */
const TOOLS = ["create_role", "add_user", "grant_permission", "attach_role_policy", "put_role_policy", "remove_role"];
const MOST_OPEN = 5;
/** Milliseconds that the server takes for a call which says `slow`. */
const RUNS = 9000;

const iam: Script = async ({ message: { id, method, params } }, response) => {
  if (id === undefined) return void response.writeHead(202).end();
  const answer = (result: object, headers: object = {}) =>
    void response.writeHead(200, { ...JSON_TYPE, ...headers }).end(rpc({ id, result }));
  if (method === "initialize") return answer(INITIALIZED, { "mcp-session-id": "inner" });
  if (method === "tools/list") return answer({ tools: TOOLS.map((name) => ({ name, inputSchema: {} })) });
  if (params?.arguments?.slow) await sleep(RUNS);
  const text = `${params?.name} done ${"y ".repeat((params?.arguments?.characters ?? 0) / 2)}`;
  answer({ content: [{ type: "text", text }], _meta: { own: 1 } });
};

let servers: ScriptedServers;
let gateway: Gateway;
let desk: ReturnType<typeof approving>;

beforeAll(async () => {
  servers = await startScripted({ iam });
  gateway = await openGateway({
    moreServers: servers.servers,
    times: { holdPlain: "25s", openApprovals: MOST_OPEN, maxHeld: 50 },
  });
  desk = approving(gateway);
}, 120_000);
afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const send = (name: string, args: object, headers: object = {}) => {
  const message = legacy("tools/call", { name, arguments: args });
  return gateway.send("iam", { ...message, headers: { ...message.headers, ...headers }, patience: 60_000 });
};
type Answer = Awaited<ReturnType<typeof send>>;
const resultOf = ({ messages }: Answer) => messages.at(-1)?.result;
const textOf = (answer: Answer) => String(resultOf(answer)?.content?.[0]?.text);
const ran = (name: string) =>
  servers.of("iam", "tools/call").filter(({ message }) => message.params.name === name).length;
const table = () => approvalsTable(gateway.stack.environmentOf("gateway"));

test("many that ask at once open no more than a principal may have open", async () => {
  const asked = Array.from({ length: 20 }, (_, at) => send("attach_role_policy", { name: `flood-${at}` }));
  const refused = asked.map(async (one) => /approvals pending, which is as many/.test(textOf(await one)));
  await vi.waitFor(
    async () => expect((await table().pendingOf(gateway.principal)).length).toBeGreaterThanOrEqual(MOST_OPEN),
    { timeout: 15_000, interval: 250 },
  );
  const all = await Promise.all(refused.map((one) => Promise.race([one, sleep(12_000, undefined)])));
  expect(all.filter((one) => one === true)).toHaveLength(20 - MOST_OPEN);
  const pending = await table().pendingOf(gateway.principal);
  expect(pending).toHaveLength(MOST_OPEN);
  for (const { id } of pending) expect((await desk.decide(id, "deny")).status).toBe(200);
  await Promise.all(asked);
}, 60_000);

test("a result that an earlier call left says so, and when it ran; what it was is as the server gave it", async () => {
  const first = send("create_role", { name: "a" });
  const id = await desk.waiting("create_role");
  expect((await desk.decide(id, "approve")).status).toBe(200);
  expect(resultOf(await first)?._meta).toEqual({ own: 1 });
  const again = resultOf(await send("create_role", { name: "a" }));
  expect(again?.content?.[0]?.text).toMatch(/^create_role done/);
  const [record] = await gateway.records(({ outcome }) => outcome === "collected");
  const mark = again?._meta?.["dev.countersign/collected"];
  expect(again?._meta).toEqual({ own: 1, "dev.countersign/collected": mark });
  expect(record?.reason).toBe(`collected from call ${mark.call}, which ran at ${mark.at}`);
  expect(Math.abs(Date.now() - Date.parse(mark.at))).toBeLessThan(60_000);
  expect(ran("create_role")).toBe(1);
}, 60_000);

test("a yes for a session that its client has ended opens nothing in it", async () => {
  const session = { "mcp-session-id": await openSession(gateway, "iam") };
  const held = send("put_role_policy", { name: "s1" }, session);
  const id = await desk.waiting("put_role_policy");
  expect((await gateway.send("iam", { method: "DELETE", headers: session })).status).toBeLessThan(300);
  await held;
  const wide = await desk.decide(id, "approve", { scope: { kind: "session" } });
  expect([wide.status, wide.body.message]).toEqual([400, expect.stringContaining("policy allows here: this call")]);
  expect((await desk.decide(id, "approve")).status, "the call itself may still be approved").toBe(200);
  expect(textOf(await send("put_role_policy", { name: "s1" }))).toMatch(/^put_role_policy done/);
}, 60_000);

test("a result beside which the row would be too large is not kept, and its call counts as run", async () => {
  const args = { characters: 296_000, filler: "z ".repeat(30_500), password: "hunter2-Xk9-vTq2-LmZ7" };
  const waiting = send("remove_role", args);
  const id = await desk.waiting("remove_role");
  expect((await desk.api("approver-one", `/approvals/${id}/reveal`, {})).status, "a credential lies in it").toBe(200);
  expect((await desk.decide(id, "approve")).status).toBe(200);
  expect(textOf(await waiting)).toMatch(/^remove_role done/);
  expect(await table().get(id)).toMatchObject({ status: "COMPLETED", outcome: { kind: "too-large" } });
  expect(textOf(await send("remove_role", args))).toContain("ran already");
}, 60_000);

test("who waits for a run that began is told that it runs; a block ends the wait, and hands nothing over afterwards", async () => {
  const session = { "mcp-session-id": await openSession(gateway, "iam") };
  const running = send("grant_permission", { slow: true }, session);
  const id = await desk.waiting("grant_permission");
  expect((await desk.decide(id, "approve")).status).toBe(200);
  await vi.waitFor(() => expect(ran("grant_permission")).toBe(1), { timeout: 10_000 });
  const joined = send("grant_permission", { slow: true }, session);
  await sleep(500);
  const place = `/principals/${encodeURIComponent(gateway.principal)}`;
  expect((await desk.api("admin", `${place}/block`, { reason: "left the company" })).status).toBe(200);
  const blocked = Date.now();
  expect(textOf(await joined)).toMatch(/DENIED.*is blocked/);
  expect(Date.now() - blocked, "within 5 s, and a slow machine's look").toBeLessThan(RUNS - 1500);
  await running;
  expect((await desk.api("admin", `${place}/unblock`, { reason: "came back" })).status).toBe(200);
  expect(textOf(await send("grant_permission", { slow: true })), "once unblocked, it is theirs").toMatch(/done/);
  expect(ran("grant_permission")).toBe(1);
}, 60_000);

test("what was approved before a block stays ended with it, however soon the block is lifted", async () => {
  const approvals = table();
  const waiting = send("add_user", { name: "b" });
  const id = await desk.waiting("add_user");
  const place = `/principals/${encodeURIComponent(gateway.principal)}`;
  expect((await desk.api("admin", `${place}/block`, { reason: "on leave" })).status).toBe(200);
  expect((await desk.api("admin", `${place}/unblock`, { reason: "back" })).status).toBe(200);
  expect(textOf(await waiting)).toMatch(/withdrawn|blocked/);
  // As if the block had not found it: its call was running, or the index did not show it yet.
  const row = await approvals.get(id);
  if (row === undefined) throw new Error("the approval is gone");
  const { withdrawn: _, ...left } = row;
  const second = { pk: `approval#${id}-2`, sk: "state" };
  const later = {
    ...left,
    ...second,
    attempt: 2,
    id: `${id}-2`,
    status: "APPROVED",
    until: Date.now() + 60_000,
  } as const;
  expect(await approvals.open(later, { attempt: 1, approvalId: id })).toBe(true);
  expect(textOf(await send("add_user", { name: "b" }))).toMatch(/DENIED.*blocked after it was asked for/);
  expect(ran("add_user")).toBe(0);
}, 60_000);
