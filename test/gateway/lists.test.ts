import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gateway, legacy, modern, openGateway } from "../support/gateway.ts";
import { JSON_TYPE, rpc, type Script, type ScriptedServers, startScripted } from "../support/scripted-server.ts";

/** Tools that the starter policy hides from everybody, page after page, then one that it shows. */
const PAGES: Readonly<Record<string, { readonly tools: readonly string[]; readonly nextCursor?: string }>> = {
  "": { tools: ["delete_everything_1", "delete_everything_2"], nextCursor: "p2" },
  p2: { tools: [], nextCursor: "p3" },
  p3: { tools: ["delete_everything_3", "fine"], nextCursor: "p4" },
  p4: { tools: ["delete_everything_4"] },
};

const paged: Script = ({ message: { id, params } }, response) => {
  const { tools, nextCursor } = PAGES[params?.cursor ?? ""] ?? { tools: [] };
  const result = { tools: tools.map((name) => ({ name })), nextCursor, ttlMs: 60_000, cacheScope: "public" };
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result }));
};

/** Everything hidden, and another page always. */
const endless: Script = ({ message: { id, params } }, response) => {
  const nextCursor = `${Number(params?.cursor ?? 0) + 1}`;
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result: { tools: [{ name: "delete_everything" }], nextCursor } }));
};

const breaks: Script = ({ message: { id, params } }, response) => {
  if (params?.cursor !== undefined) return void response.destroy();
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result: { tools: [], nextCursor: "2" } }));
};

const resource: Script = ({ message: { id } }, response) =>
  void response
    .writeHead(200, JSON_TYPE)
    .end(rpc({ id, result: { contents: [{ uri: "file:///readme", text: "x" }], ttlMs: 5, cacheScope: "public" } }));

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ paged, endless, breaks, resource });
  gateway = await openGateway({ moreServers: servers.servers });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

test.each([
  ["legacy", legacy("tools/list", {}, "mine")],
  ["2026-07-28", modern("tools/list", {}, "mine")],
])("pages are pulled until one item is visible (%s)", async (_era, sent) => {
  const before = servers.got.length;
  const { messages } = await gateway.send("paged", sent);
  expect(messages).toMatchObject([
    { id: "mine", result: { tools: [{ name: "fine" }], nextCursor: "p4", cacheScope: "private" } },
  ]);
  expect(messages[0]?.result.tools).toHaveLength(1);
  const asked = servers.got.slice(before).map(({ message }) => message);
  expect(asked.map(({ params }) => params.cursor ?? "")).toEqual(["", "p2", "p3"]);
  expect(new Set(asked.map(({ id }) => id)).size, "no id is used twice").toBe(3);
});

test("each pulled page is on record, and the original of what was hidden is sealed", async () => {
  await gateway.send("paged", legacy("tools/list"));
  const [received] = (
    await gateway.records(({ server, type }) => server === "paged" && type === "call.received")
  ).slice(-1);
  const records = await gateway.records(({ call }) => call === received?.call);
  expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([
    ["call.received", "received"],
    ["message.relayed", "page-skipped"],
    ["message.relayed", "page-skipped"],
    ["call.completed", "ok"],
  ]);
  expect(records[1]?.response?.text).not.toContain("delete_everything_1");
  expect(records[1]?.response?.sealedHash).toMatch(/^[0-9a-f]{64}$/);
});

test("the last page may be empty", async () => {
  const { messages } = await gateway.send("paged", legacy("tools/list", { cursor: "p4" }));
  expect(messages).toEqual([{ jsonrpc: "2.0", id: 1, result: expect.objectContaining({ tools: [] }) }]);
  expect(messages[0]?.result.nextCursor).toBeUndefined();
});

test("a list without end is handed over with its cursor after fifty pages", async () => {
  const before = servers.got.length;
  const { messages } = await gateway.send("endless", legacy("tools/list"));
  expect(messages[0]?.result).toEqual({ tools: [], nextCursor: "50" });
  expect(servers.got.length - before).toBe(50);
});

test("a server that breaks at a later page is told as such", async () => {
  const { messages } = await gateway.send("breaks", legacy("tools/list"));
  expect(messages[0]?.error?.message).toMatch(/The server "breaks" broke the connection/);
});

test("what is read is for this caller's cache alone", async () => {
  const { messages } = await gateway.send("resource", modern("resources/read", { uri: "file:///readme" }));
  expect(messages[0]?.result).toMatchObject({ ttlMs: 5, cacheScope: "private" });
});
