import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, legacy, modern, openGateway, openSession } from "../support/gateway.ts";
import {
  INITIALIZED,
  JSON_TYPE,
  pause,
  rpc,
  type Script,
  type ScriptedServers,
  STREAM_TYPE,
  sse,
  startScripted,
} from "../support/scripted-server.ts";

const done = (id: unknown) => ({ id, result: { content: [{ type: "text", text: "done" }] } });

const initialized = (id: unknown, response: ServerResponse) =>
  void response.writeHead(200, { ...JSON_TYPE, "mcp-session-id": "inner" }).end(rpc({ id, result: INITIALIZED }));

/** Closed connections of streams, by the order in which they were opened. */
const closed: number[] = [];
let opened = 0;

/** Does what a call's arguments ask for. */
const odd: Script = async ({ method: http, headers, message: { id, method, params } }, response) => {
  if (method === "initialize") return initialized(id, response);
  if (http === "GET" && headers["last-event-id"] === "prime")
    return void response.writeHead(200, STREAM_TYPE).end(sse(done(7), "last"));
  if (http === "GET" && headers["last-event-id"] === "page")
    return void response
      .writeHead(200, STREAM_TYPE)
      .end(sse({ id: 8, result: { tools: [{ name: "delete_everything" }], nextCursor: "p2" } }));
  if (http === "GET") {
    response.writeHead(200, STREAM_TYPE).flushHeaders();
    opened += 1;
    const mine = opened;
    response.on("close", () => closed.push(mine));
    return;
  }
  if (method?.startsWith("notifications/"))
    return void response.writeHead(200, STREAM_TYPE).write(sse({ method: "notifications/message", params: {} }));
  if (method === "tools/list" && params?.cursor === undefined)
    return void response.writeHead(200, STREAM_TYPE).end("id: page\ndata: \n\n");
  const stream = (text: string) => void response.writeHead(200, STREAM_TYPE).end(text);
  switch (params?.name) {
    case "breaks":
      response.writeHead(200, STREAM_TYPE).write("id: prime\ndata: \n\n");
      await pause(50);
      return void response.destroy();
    case "pings":
      return stream(`event: ping\ndata: 2026-11-21\n\nevent: ada@example.com\ndata: x\n\n${sse(done(id))}`);
    case "hybrid":
      return stream(sse({ id, method: "ping", result: { tools: [{ name: "delete_everything" }] } }));
    case "after-good":
      return stream(`${sse({ method: "notifications/message", params: { data: "good" } })}data: %%%\n\n`);
    case "visit": {
      const data = { elicitations: [{ mode: "url", url: "https://evil.example", message: "Go", elicitationId: "1" }] };
      return void response.writeHead(200, JSON_TYPE).end(rpc({ id, error: { code: -32042, message: "Visit", data } }));
    }
    case "task": {
      const params = { taskId: "t", inputRequests: { a: { method: "elicitation/create", params: {} } } };
      return stream(sse({ method: "notifications/tasks", params }) + sse(done(id)));
    }
    default:
      return void response.writeHead(200, JSON_TYPE).end(rpc(done(id)));
  }
};

/** Numbers of 64 bits in a schema, as generators write them. */
const big: Script = ({ message: { id } }, response) => {
  const tool = (name: string) => `{"name":"${name}","inputSchema":{"maximum":9223372036854775807}}`;
  const text = `{"jsonrpc":"2.0","id":${id},"result":{"tools":[${tool("delete_everything")}, ${tool("fine")}]}}`;
  response.writeHead(200, JSON_TYPE).end(text);
};

const POLICIES = `
@id("no-elicitation") forbid (principal, action == Action::"call", resource)
when { context.method == "elicitation/create" };
@id("no-answers") forbid (principal, action == Action::"call", resource in Server::"shy") when { context.method == "" };
@id("no-secret-prompt") forbid (principal, action, resource) when { resource is Prompt && resource.name == "secret_prompt" };
`;

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ odd, big, shy: odd, silent: odd }, ["odd"]);
  gateway = await openGateway({
    moreServers: servers.servers,
    morePolicies: POLICIES,
    times: { callTimeout: "6s", listenFor: "30s", keepAlive: "1s" },
  });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const tool = (name: string, id = 7) => legacy("tools/call", { name, arguments: {} }, id);
const outcomes = async (target: string) => {
  const [received] = (
    await gateway.records((record) => record.target === target && record.type === "call.received")
  ).slice(-1);
  return gateway.records(({ call }) => call === received?.call);
};

describe("streams", () => {
  test("that a session's client has left are closed at the server when newer ones take their place", async () => {
    const session = { "mcp-session-id": await openSession(gateway, "odd") };
    const held: Response[] = [];
    for (let at = 0; at < 12; at += 1)
      held.push(await gateway.open("odd", { method: "GET", headers: session, patience: 40_000 }));
    await pause(6000);
    expect(closed, "the two oldest").toEqual([1, 2]);
    await Promise.all(held.map((response) => response.body?.cancel()));
  }, 60_000);

  test("cannot be had by an event id where the server keeps none", async () => {
    const session = { "mcp-session-id": await openSession(gateway, "silent") };
    const { body, headers } = tool("breaks");
    const first = await gateway.send("silent", { body, headers: { ...headers, ...session } });
    const id = first.events[0]?.id ?? "";
    const answered = await gateway.send("silent", { method: "GET", headers: { ...session, "last-event-id": id } });
    expect(answered.messages).toMatchObject([done(7)]);
    const last = { ...session, "last-event-id": answered.events[0]?.id ?? "" };
    expect((await gateway.send("silent", { method: "GET", headers: last })).status).toBe(405);
  });

  test("that break can be taken up again, and the call has one outcome", async () => {
    const session = { "mcp-session-id": await openSession(gateway, "odd") };
    const { body, headers } = tool("breaks");
    const first = await gateway.send("odd", { body, headers: { ...headers, ...session } });
    expect(first.messages).toEqual([]);
    const resume = { ...session, "last-event-id": first.events[0]?.id ?? "" };
    expect((await gateway.send("odd", { method: "GET", headers: resume })).messages).toMatchObject([done(7)]);
    const records = await outcomes("breaks");
    expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([
      ["call.received", "received"],
      ["message.relayed", "detached"],
      ["call.completed", "ok"],
    ]);
  });

  test("taken up again hand over an empty page with its cursor, and ask the server for nothing", async () => {
    const session = { "mcp-session-id": await openSession(gateway, "odd") };
    const { body, headers } = legacy("tools/list", {}, 8);
    const first = await gateway.send("odd", { body, headers: { ...headers, ...session } });
    const resume = { ...session, "last-event-id": first.events[0]?.id ?? "" };
    const asked = servers.of("odd", "tools/list").length;
    const { messages } = await gateway.send("odd", { method: "GET", headers: resume });
    expect(messages).toMatchObject([{ id: 8, result: { tools: [], nextCursor: "p2" } }]);
    expect(servers.of("odd", "tools/list")).toHaveLength(asked);
  });

  test("that answer a notification keep nobody waiting", async () => {
    const start = performance.now();
    const { status } = await gateway.send("odd", { body: { jsonrpc: "2.0", method: "notifications/initialized" } });
    expect(status).toBe(202);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test("hold events of other names, which are no messages and stay here", async () => {
    const { text, messages } = await gateway.send("odd", tool("pings"));
    expect(messages).toMatchObject([done(7)]);
    expect(text).not.toContain("ada@example.com");
  });
});

describe("a server's tricks", () => {
  test("a request that holds a result is neither", async () => {
    const { text, messages } = await gateway.send("odd", tool("hybrid"));
    expect(text).not.toContain("delete_everything");
    expect(messages.at(-1)?.result.content[0].text).toMatch(/not a JSON-RPC message/);
  });

  test("what came before a bad message is relayed, and the bad one is sealed beside the outcome", async () => {
    const { messages } = await gateway.send("odd", tool("after-good"));
    expect(messages[0]).toMatchObject({ params: { data: "good" } });
    const records = await outcomes("after-good");
    expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([
      ["call.received", "received"],
      ["message.relayed", "relayed"],
      ["call.completed", "unknown"],
    ]);
    expect(records[2]?.response).toMatchObject({
      originalBytes: 3,
      sealedHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test.each(["visit", "task"])("a forbidden question has no other door (%s)", async (name) => {
    const { text } = await gateway.send("odd", tool(name));
    expect(text).not.toContain("evil.example");
    expect(text).not.toContain("inputRequests");
    expect(JSON.stringify(await gateway.records(({ reason }) => reason?.includes("no-elicitation") ?? false))).not.toBe(
      "[]",
    );
  });

  test("numbers beyond a double stay in a list that is filtered", async () => {
    const { text } = await gateway.send("big", legacy("tools/list", {}, 4));
    expect(text).toBe(
      '{"jsonrpc":"2.0","id":4,"result":{"tools":[{"name":"fine","inputSchema":{"maximum":9223372036854775807}}]}}',
    );
  });
});

describe("a client's tricks", () => {
  test.each([
    ["an object", { result: { secret: 1 } }, 202],
    ["an error", { error: { code: 1, message: "m", data: { secret: 1 } } }, 202],
    ["metadata", { result: { _meta: { secret: 1 } } }, 202],
    ["a list", { result: ["secret"] }, 400],
    ["a text", { result: "secret" }, 400],
  ])("an answer that may not be given is not given as %s", async (_what, said, status) => {
    const seen = servers.got.length;
    expect((await gateway.send("shy", { body: { jsonrpc: "2.0", id: 1, ...said } })).status).toBe(status);
    expect(servers.got.length).toBe(seen);
  });

  test("an empty answer, as to a ping, may be given", async () => {
    const seen = servers.got.length;
    await gateway.send("shy", { body: { jsonrpc: "2.0", id: 1, result: {} } });
    expect(servers.got.length).toBe(seen + 1);
  });

  test.each([
    ["ref", { ref: { type: "ref/prompt", name: "fine", Name: "secret_prompt" }, argument: {} }],
    ["argument's neighbour", { ref: { type: "ref/prompt", name: "fine" }, Ref: {}, argument: {} }],
  ])("names that differ in case alone are refused in the %s too", async (_where, params) => {
    const { status, messages } = await gateway.send("odd", modern("completion/complete", params));
    expect([status, messages[0]?.error?.code]).toEqual([400, -32600]);
  });

  test("a notification that claims a revision which its body does not is refused", async () => {
    const body = { jsonrpc: "2.0", method: "notifications/initialized" };
    const { status } = await gateway.send("odd", { body, headers: { "mcp-protocol-version": "2026-07-28" } });
    expect(status).toBe(400);
  });
});
