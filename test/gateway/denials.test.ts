import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, legacy, modern, openGateway, openSession } from "../support/gateway.ts";
import {
  INITIALIZED,
  JSON_TYPE,
  rpc,
  type Script,
  type ScriptedServers,
  STREAM_TYPE,
  sse,
  startScripted,
} from "../support/scripted-server.ts";

const result = (id: unknown) => ({ id, result: { content: [{ type: "text", text: "done" }] } });

/** Before it answers, it says to the client whatever the call's arguments name. */
const says: Script = ({ message: { id, method, params } }, response) => {
  if (method === "initialize")
    return void response
      .writeHead(200, { ...JSON_TYPE, "mcp-session-id": "inner" })
      .end(rpc({ id, result: INITIALIZED }));
  if (method === undefined || method.startsWith("notifications/")) return void response.writeHead(202).end();
  const said = params?.arguments?.says as object | undefined;
  response.writeHead(200, STREAM_TYPE).end((said === undefined ? "" : sse(said)) + sse(result(id)));
};

/** Says to whoever listens what may not be heard, what may not be asked, and what may be heard. */
const unasked: Script = (got, response) => {
  const { id, method } = got.message;
  if (got.method !== "GET" && method !== "subscriptions/listen") return says(got, response);
  const said = [
    { method: "notifications/message", params: { level: "info", data: "psst" } },
    { id: "srv-9", method: "sampling/createMessage", params: { messages: [], maxTokens: 5 } },
    { method: "notifications/tools/list_changed" },
    ...(id === undefined ? [] : [{ id, result: { resultType: "complete" } }]),
  ];
  response.writeHead(200, STREAM_TYPE).end(said.map((message) => sse(message)).join(""));
};

/** A server of 2026-07-28 whose result asks the client for something, or is of a type that the call names. */
const asks: Script = ({ message: { id, params } }, response) => {
  const { asks: method, resultType } = params?.arguments ?? {};
  const own =
    resultType !== undefined
      ? { resultType, content: [] }
      : {
          resultType: "input_required",
          inputRequests: { fine: { method: "roots/list" }, one: { method, params: {} } },
        };
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result: own }));
};

/** Everything is forbidden on `closed`; on the others, what is named here. */
const POLICIES = `
@id("closed") forbid (principal, action, resource) when { resource == Server::"closed" };
@id("closed-things") forbid (principal, action, resource) when { resource in Server::"closed" };
@id("no-sampling") forbid (principal, action == Action::"call", resource) when { context.method == "sampling/createMessage" };
@id("no-logs") forbid (principal, action == Action::"discover", resource) when { context.method == "notifications/message" };
@id("no-tasks") forbid (principal, action == Action::"call", resource) when { context.method == "tasks/cancel" };
@id("no-ending") forbid (principal, action == Action::"discover", resource == Server::"keeps") when { context.method == "DELETE" };
@id("no-calls-back") forbid (principal, action == Action::"call", resource == Server::"says") when { context.method == "tools/call" };
`;

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ says, asks, unasked, keeps: says, closed: says }, ["closed", "unasked"]);
  gateway = await openGateway({ moreServers: servers.servers, morePolicies: POLICIES });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

/** Nothing of what the test sends reaches the server `closed`. */
async function denied(sent: Parameters<Gateway["send"]>[1]) {
  const seen = servers.got.length;
  const answer = await gateway.send("closed", sent);
  expect(servers.got.length, "the server saw nothing").toBe(seen);
  const [record] = (await gateway.records(({ server, type }) => server === "closed" && type === "call.denied")).slice(
    -1,
  );
  expect(record).toMatchObject({ outcome: "denied", decision: { kind: "deny" } });
  return { ...answer, record };
}

const REQUESTS: readonly [string, object][] = [
  ["initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } }],
  ["ping", {}],
  ["tools/list", {}],
  ["prompts/list", {}],
  ["prompts/get", { name: "p" }],
  ["resources/list", {}],
  ["resources/templates/list", {}],
  ["resources/read", { uri: "file:///x" }],
  ["resources/subscribe", { uri: "file:///x" }],
  ["resources/unsubscribe", { uri: "file:///x" }],
  ["completion/complete", { ref: { type: "ref/prompt", name: "p" }, argument: { name: "a", value: "b" } }],
  ["logging/setLevel", { level: "debug" }],
  ["tasks/list", {}],
  ["tasks/get", { taskId: "t" }],
  ["tasks/result", { taskId: "t" }],
  ["tasks/cancel", { taskId: "t" }],
  ["server/discover", {}],
  ["subscriptions/listen", { notifications: {} }],
  ["no/such/method", {}],
];

describe("a denied request of the client", () => {
  test.each(REQUESTS)("%s gets a JSON-RPC error with HTTP 200, in both eras", async (method, params) => {
    for (const sent of [legacy(method, params, "id-1"), modern(method, { ...params }, "id-1")]) {
      const { status, messages, record } = await denied(sent);
      expect(status).toBe(200);
      expect(messages).toMatchObject([{ jsonrpc: "2.0", id: "id-1", error: { code: 4001 } }]);
      expect(messages[0]?.error?.message).toMatch(/^DENIED by Countersign: .*closed/);
      expect(record).toMatchObject({ method });
    }
  });

  test("tools/call gets a tool result that a model can read, in both eras", async () => {
    const params = { name: "t", arguments: {} };
    const old = await denied(legacy("tools/call", params));
    expect(old.messages).toMatchObject([{ id: 1, result: { isError: true, content: [{ type: "text" }] } }]);
    expect(old.messages[0]?.result.resultType).toBeUndefined();
    const now = await denied(modern("tools/call", params));
    expect(now.messages).toMatchObject([{ id: 1, result: { isError: true, resultType: "complete" } }]);
    expect(now.messages[0]?.result.content[0].text).toMatch(/^DENIED by Countersign/);
  });
});

describe("denied, and without a response", () => {
  test.each([
    "notifications/initialized",
    "notifications/cancelled",
    "notifications/roots/list_changed",
    "notifications/x",
  ])("%s is dropped with 202", async (method) => {
    const { status, text } = await denied({ body: { jsonrpc: "2.0", method, params: {} } });
    expect([status, text]).toEqual([202, ""]);
  });

  test("an answer to a server's question is dropped with 202", async () => {
    const { status, text } = await denied({ body: { jsonrpc: "2.0", id: 9, result: { action: "accept" } } });
    expect([status, text]).toEqual([202, ""]);
  });

  test("a GET gets 405, as from a server that keeps no stream open", async () => {
    const { status, messages } = await denied({ method: "GET" });
    expect([status, messages[0]?.error?.code]).toEqual([405, 4001]);
  });

  test("a DELETE gets 405, as from a server whose sessions end by themselves, and the session goes on", async () => {
    const session = { "mcp-session-id": await openSession(gateway, "keeps") };
    const { status, headers, messages } = await gateway.send("keeps", { method: "DELETE", headers: session });
    expect([status, headers.get("allow"), messages[0]?.error?.code]).toEqual([405, "POST", 4001]);
    expect(servers.of("keeps", "DELETE"), "the server saw nothing").toEqual([]);
    const records = await gateway.records(({ server, method }) => server === "keeps" && method === "DELETE");
    expect(records).toMatchObject([
      { type: "call.denied", outcome: "denied", reason: expect.stringContaining("no-ending") },
    ]);
    const call = legacy("tools/call", { name: "t", arguments: {} });
    const after = await gateway.send("keeps", { ...call, headers: { ...call.headers, ...session } });
    expect(after.messages).toMatchObject([result(1)]);
  });
});

describe("what a server says to a caller who may not hear it", () => {
  const saying = (says: object) => legacy("tools/call", { name: "talk", arguments: { says } }, 3);

  test("a notice is dropped, on record, and the call goes on", async () => {
    const notice = { method: "notifications/message", params: { level: "info", data: "psst" } };
    const { messages } = await gateway.send("says", saying(notice));
    expect(messages).toMatchObject([result(3)]);
    const records = await gateway.records(
      ({ method, type }) => method === "notifications/message" && type === "call.denied",
    );
    expect(records.at(-1)).toMatchObject({ outcome: "denied", reason: "from the server: forbidden by policy no-logs" });
    expect(records.at(-1)?.response?.text).toContain("psst");
  });

  test("a request named as the call itself is marked as the server's, so that no server ends a call on record", async () => {
    const { messages } = await gateway.send(
      "says",
      saying({ id: "srv-0", method: "tools/call", params: { name: "x" } }),
    );
    expect(messages).toMatchObject([result(3)]);
    const denials = await gateway.records(({ method, type }) => method === "tools/call" && type === "call.denied");
    expect(denials.filter(({ reason }) => reason?.endsWith("no-calls-back"))).toMatchObject([{ sender: "server" }]);
    expect(denials.filter(({ sender }) => sender !== undefined)).toHaveLength(1);
  });

  test("a request is answered to the server, in the client's place", async () => {
    const session = await openSession(gateway, "says");
    const request = { id: "srv-1", method: "sampling/createMessage", params: { messages: [], maxTokens: 5 } };
    const { body, headers } = saying(request);
    const { messages } = await gateway.send("says", { body, headers: { ...headers, "mcp-session-id": session } });
    expect(messages).toMatchObject([result(3)]);
    const told = servers.got.filter(({ message }) => message.id === "srv-1").at(-1);
    expect(told?.message.error).toMatchObject({ code: 4001, message: expect.stringMatching(/DENIED.*no-sampling/) });
    expect(told?.headers["mcp-session-id"]).toBe("inner");
    const [record] = (await gateway.records(({ method }) => method === "sampling/createMessage")).slice(-1);
    expect(record).toMatchObject({ type: "call.denied", outcome: "denied" });
  });

  test.each([
    ["GET", { method: "GET" } as const],
    ["subscriptions/listen", modern("subscriptions/listen", { notifications: {} }, "sub-1")],
  ])("on the stream of a %s, notices are dropped and requests answered, and the rest goes on", async (method, sent) => {
    const session: Record<string, string> =
      method === "GET" ? { "mcp-session-id": await openSession(gateway, "unasked") } : {};
    const told = () => servers.got.filter(({ server, message }) => server === "unasked" && message.id === "srv-9");
    const before = told().length;
    const headers = "headers" in sent ? sent.headers : session;
    const { status, messages } = await gateway.send("unasked", { ...sent, headers });
    expect(status).toBe(200);
    const heard = messages.flatMap((message) => (message.method === undefined ? [] : [message.method]));
    expect(heard).toEqual(["notifications/tools/list_changed"]);
    expect(told().slice(before)).toMatchObject([
      { method: "POST", message: { error: { code: 4001, message: expect.stringMatching(/DENIED.*no-sampling/) } } },
    ]);
    const [stream] = (await gateway.records((record) => record.server === "unasked" && record.method === method)).slice(
      -1,
    );
    const denials = await gateway.records(({ call, type }) => call === stream?.call && type === "call.denied");
    expect(denials).toMatchObject([
      { method: "notifications/message", sender: "server", reason: "from the server: forbidden by policy no-logs" },
      { method: "sampling/createMessage", sender: "server", outcome: "denied" },
    ]);
  });

  test.each([
    ["elicitation/create", { message: "Who?", requestedSchema: {} }],
    ["roots/list", {}],
    ["ping", {}],
  ])("a request that may be asked, %s, reaches the client", async (method, params) => {
    const { messages } = await gateway.send("says", saying({ id: "srv-2", method, params }));
    expect(messages).toMatchObject([{ id: "srv-2", method }, result(3)]);
  });

  test("a request inside a result of 2026-07-28 spoils the result", async () => {
    const call = (method: string) => modern("tools/call", { name: "ask", arguments: { asks: method } });
    const { messages } = await gateway.send("asks", call("sampling/createMessage"));
    expect(messages[0]).toMatchObject({ id: 1, result: { isError: true, resultType: "complete" } });
    expect(messages[0]?.result.content[0].text).toMatch(/DENIED.*sampling\/createMessage.*no-sampling/);
    const fine = await gateway.send("asks", call("elicitation/create"));
    expect(fine.messages[0]?.result.resultType).toBe("input_required");
  });

  test("a result of a type that the client cannot know is withheld; a task passes where it was declared", async () => {
    const call = (resultType: string, meta: object = {}) =>
      modern("tools/call", { name: "ask", arguments: { resultType }, _meta: meta });
    for (const type of ["surprise", "task"]) {
      const { messages } = await gateway.send("asks", call(type));
      expect(messages[0]?.result).toMatchObject({ isError: true });
      expect(messages[0]?.result.content[0].text).toMatch(/sent a result of a type that this client cannot know/);
    }
    const declared = {
      "io.modelcontextprotocol/clientCapabilities": { extensions: { "io.modelcontextprotocol/tasks": {} } },
    };
    expect((await gateway.send("asks", call("task", declared))).messages[0]?.result.resultType).toBe("task");
  });
});
