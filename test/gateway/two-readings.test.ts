import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, legacy, modern, openGateway } from "../support/gateway.ts";
import {
  JSON_TYPE,
  rpc,
  type Script,
  type ScriptedServers,
  STREAM_TYPE,
  startScripted,
} from "../support/scripted-server.ts";

/** The members of the next response beside its id, as they are written. */
let members = "";
/** Messages before the next response, as they are written; with any, it is a stream. */
let before: readonly string[] = [];

const writes: Script = ({ message: { id } }, response) => {
  const text = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${members}}`;
  if (before.length === 0) return void response.writeHead(200, JSON_TYPE).end(text);
  response.writeHead(200, STREAM_TYPE).end([...before, text].map((data) => `data: ${data}\n\n`).join(""));
};

const POLICIES = `
@id("no-sampling") forbid (principal, action == Action::"call", resource) when { context.method == "sampling/createMessage" };
@id("no-vault") forbid (principal, action == Action::"discover", resource is Resource)
when { resource.uri like "vault:*" };
`;

const EVIL = '{"a":{"method":"sampling/createMessage","params":{"messages":[],"maxTokens":5}}}';

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ writes });
  gateway = await openGateway({ moreServers: servers.servers, morePolicies: POLICIES });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

/** What a client gets for a request when the server writes this. */
async function said(sent: Parameters<Gateway["send"]>[1], response: string, first: readonly string[] = []) {
  members = response;
  before = first;
  return gateway.send("writes", sent);
}

const call = (name: string) => modern("tools/call", { name, arguments: {} });
const TWOFOLD = /could read in two ways/;
const outcomeOf = async () =>
  (await gateway.records(({ server, type }) => server === "writes" && type === "call.completed")).at(-1);

describe("a server that spells what is decided on in a second way", () => {
  test.each([
    ["tools/list", '{"tools":[],"Tools":[{"name":"delete_everything"}]}'],
    ["tools/list", '{"tools":[],"TOOL\u017f":[{"name":"delete_everything"}]}'],
    ["prompts/list", '{"Prompts":[{"name":"delete_everything"}]}'],
    ["resources/list", '{"resources":[],"Resources":[{"uri":"vault:delete_everything"}]}'],
    ["resources/templates/list", '{"resource_templates":[{"uriTemplate":"vault:delete_everything"}]}'],
  ])("gets no list by the filter of %s", async (method, result) => {
    for (const sent of [legacy(method), modern(method)]) {
      const { text, messages } = await said(sent, `"result":${result}`);
      expect(text).not.toContain("delete_everything");
      expect(messages[0]?.error?.message).toMatch(TWOFOLD);
    }
    expect(await outcomeOf()).toMatchObject({ outcome: "unknown", reason: expect.stringMatching(TWOFOLD) });
  });

  test.each([
    ["tools/list", "tools", { name: "fine" }, { name: "fine_too", Name: "delete_everything" }],
    ["resources/list", "resources", { uri: "file:///a" }, { uri: "file:///b", URI: "vault:delete_everything" }],
  ])("has such items of %s left out, and the others shown", async (method, key, fine, odd) => {
    const { messages } = await said(legacy(method), `"result":${JSON.stringify({ [key]: [odd, fine] })}`);
    expect(messages[0]?.result).toEqual({ [key]: [fine] });
  });

  test.each([
    ["in another case", `"result":{"content":[],"InputRequests":${EVIL}}`],
    ["as Python does", `"result":{"resultType":"input_required","input_requests":${EVIL}}`],
    [
      "by a second method",
      '"result":{"inputRequests":{"a":{"method":"roots/list","Method":"sampling/createMessage"}}}',
    ],
    ["in a result before the result", `"result":{"inputRequests":${EVIL}},"result":{"content":[]}`],
    ["in a result of another spelling", `"result":{"content":[]},"re\u017fult":{"inputRequests":${EVIL}}`],
  ])("asks nothing of the client %s", async (_how, response) => {
    const { text, messages } = await said(call("ask"), response);
    expect(text).not.toContain("sampling");
    expect(messages[0]?.result).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(TWOFOLD) }] });
  });

  test.each([
    [
      "a notice about another resource",
      { method: "notifications/resources/updated", params: { uri: "a:b", Uri: "vault:x" } },
    ],
    ["a request of another spelling", { id: 5, method: "ping", Method: "sampling/createMessage" }],
  ])("has %s withheld", async (_what, notice) => {
    const { text, messages } = await said(call("stream"), '"result":{"content":[]}', [rpc(notice)]);
    expect(text).not.toMatch(/vault|sampling/);
    expect(messages.at(-1)?.result.content[0].text).toMatch(TWOFOLD);
  });

  test("that repeats a method has it withheld, and so has one whose request bears no proper id", async () => {
    const twice = '{"jsonrpc":"2.0","id":5,"method":"sampling/createMessage","method":"ping"}';
    const one = await said(call("stream"), '"result":{"content":[]}', [twice]);
    expect(one.text).not.toContain("sampling");
    expect(one.messages.at(-1)?.result.content[0].text).toMatch(TWOFOLD);
    const other = await said(call("stream"), '"result":{"content":[]}', [rpc({ id: { a: 1 }, method: "roots/list" })]);
    expect(other.text).not.toContain("roots/list");
    expect(other.messages.at(-1)?.result.content[0].text).toMatch(/not a JSON-RPC message/);
  });

  test("spells its own data as it likes, byte for byte", async () => {
    const result =
      '{"content":[{"type":"text","text":"caf\\u00e9"}], "structuredContent":{"Tools":1,"tools":2,"a":1,"a":2,"inputRequests":{"Method":1}},"_meta":{"Name":1,"name":2},"URI":"x"}';
    const { text } = await said(
      legacy("tools/call", { name: "free", arguments: { Name: 1, name: 2 } }),
      `"result":${result}`,
    );
    expect(text).toBe(`{"jsonrpc":"2.0","id":1,"result":${result}}`);
    const log = { method: "notifications/message", params: { level: "info", data: { Uri: 1, URI: 2 } } };
    const streamed = await said(call("free"), `"result":${result}`, [rpc(log)]);
    expect(streamed.messages).toMatchObject([log, { id: 1 }]);
  });

  test("keeps its cursors and tasks, though they look like tokens", async () => {
    const token = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJwYWdlLTIifQ", "c2lnbmF0dXJlLW9mLXBhZ2UtMg"].join(".");
    const page = await said(legacy("tools/list"), `"result":{"tools":[{"name":"fine"}],"nextCursor":"${token}"}`);
    expect(page.messages[0]?.result.nextCursor).toBe(token);
    const task = await said(
      legacy("tools/call", { name: "long", arguments: {} }),
      `"result":{"task":{"taskId":"${token}"}}`,
    );
    expect(task.messages[0]?.result.task.taskId).toBe(token);
    const shown = await said(
      legacy("tools/call", { name: "told" }),
      `"result":{"content":[{"type":"text","text":"${token}"}]}`,
    );
    expect(shown.text).not.toContain(token);
  });
});

describe("what a result of 2026-07-28 asks and may not, besides one of a tool", () => {
  test.each([
    ["prompts/get", { name: "greet" }],
    ["resources/read", { uri: "file:///readme" }],
  ])("is not asked by one of %s", async (method, params) => {
    const result = `{"resultType":"input_required","inputRequests":${EVIL}}`;
    const { status, text, messages } = await said(modern(method, params), `"result":${result}`);
    expect([status, messages[0]?.error?.code]).toEqual([200, 4001]);
    expect(messages[0]?.error?.message).toMatch(/DENIED.*sampling\/createMessage.*no-sampling/);
    expect(text).not.toContain("inputRequests");
    const record = await outcomeOf();
    expect(record).toMatchObject({ method, outcome: "denied", reason: expect.stringContaining("no-sampling") });
    expect(record?.response?.text).toContain("sampling/createMessage");
    const fine = result.replace("sampling/createMessage", "roots/list");
    const asked = await said(modern(method, params), `"result":${fine}`);
    expect(asked.messages[0]?.result.resultType).toBe("input_required");
  });
});

describe("a tool's name with a line's end in it", () => {
  const name = "list\r\nX-Evil: 1\r\n\r\nroles";

  test.each([
    ["legacy", legacy("tools/call", { name, arguments: {} })],
    ["2026-07-28", modern("tools/call", { name, arguments: {} })],
  ])("is a name in message and record, and never a line of its own (%s)", async (era, { body, headers }) => {
    const encoded = `=?base64?${Buffer.from(name).toString("base64")}?=`;
    const own = era === "legacy" ? headers : { ...headers, "mcp-name": encoded };
    const { messages } = await said({ body, headers: own }, '"result":{"content":[{"type":"text","text":"ran"}]}');
    expect(messages[0]?.result.content[0].text).toBe("ran");
    const got = servers.of("writes", "tools/call").at(-1);
    expect(got?.message.params.name).toBe(name);
    expect(got?.headers).not.toHaveProperty("x-evil");
    expect(got?.headers["mcp-name"]).toBe(era === "legacy" ? undefined : encoded);

    const records = await gateway.records(({ server, target }) => server === "writes" && target === name);
    expect(records.slice(-2).map(({ type, outcome }) => [type, outcome])).toEqual([
      ["call.received", "received"],
      ["call.completed", "ok"],
    ]);
    const lines = (await gateway.stack.ledgerLines()).filter((line) => line.includes("X-Evil"));
    expect(lines.every((line) => !/[\r\n]/.test(line) && (JSON.parse(line) as object) !== null)).toBe(true);
  });

  test("is refused where the header says less of it", async () => {
    const { body, headers } = modern("tools/call", { name, arguments: {} });
    const seen = servers.got.length;
    const { status, messages } = await gateway.send("writes", { body, headers: { ...headers, "mcp-name": "list" } });
    expect([status, messages[0]?.error?.code]).toEqual([400, -32020]);
    expect(servers.got.length).toBe(seen);
  });
});
