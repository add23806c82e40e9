import { once } from "node:events";
import { request, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
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

/** A legacy server behind a sticky load balancer. */
const sticky: Script = ({ method, message, headers }, response) => {
  if (method === "DELETE") return void response.writeHead(headers["mcp-session-id"] === "inner-1" ? 200 : 404).end();
  if (message.method === "initialize")
    return void response
      .writeHead(200, {
        ...JSON_TYPE,
        "mcp-session-id": "inner-1",
        "set-cookie": ["lb=node-7; Path=/; HttpOnly; Secure", "shard=3; Max-Age=60"],
      })
      .end(rpc({ id: message.id, result: INITIALIZED }));
  if (headers["mcp-session-id"] !== "inner-1")
    return void response.writeHead(404, { "content-type": "text/plain" }).end("no such session");
  response.writeHead(200, JSON_TYPE).end(rpc({ id: message.id, result: { content: [] } }));
};

/** A server of 2026-07-28 that asks for a second round under a state of its own. */
const rounds: Script = ({ message }, response) => {
  const { requestState, inputResponses } = message.params ?? {};
  const result =
    requestState === undefined
      ? {
          resultType: "input_required",
          requestState: "theirs:1",
          inputRequests: { name: { method: "elicitation/create", params: { message: "Who?", requestedSchema: {} } } },
        }
      : {
          resultType: "complete",
          content: [{ type: "text", text: `${requestState} ${JSON.stringify(inputResponses)}` }],
        };
  response.writeHead(200, JSON_TYPE).end(rpc({ id: message.id, result }));
};

/** Opens sessions and knows them no more. */
const forgetful: Script = ({ message, headers }, response) =>
  message.method === "initialize"
    ? void response
        .writeHead(200, { ...JSON_TYPE, "mcp-session-id": "inner-9" })
        .end(rpc({ id: message.id, result: INITIALIZED }))
    : void response.writeHead(headers["mcp-session-id"] === undefined ? 400 : 404).end();

const fat =
  (type: object, body: (message: object) => string): Script =>
  ({ message }, response) =>
    void response
      .writeHead(200, { ...type, "mcp-session-id": "x".repeat(4000) })
      .end(body({ id: message.id, result: INITIALIZED }));

/** Keeps one stream for a session, and refuses a second with an answer of this type. */
const single = (type: Readonly<Record<string, string>>): Script => {
  let kept: ServerResponse | undefined;
  return (got, response) => {
    if (got.method !== "GET") return sticky(got, response);
    const conflict = { id: null, error: { code: -32000, message: "Only one SSE stream is allowed per session" } };
    if (kept !== undefined) return void response.writeHead(409, type).end(rpc(conflict));
    kept = response;
    response.on("close", () => {
      kept = undefined;
    });
    response.writeHead(200, STREAM_TYPE).write(sse({ method: "notifications/tools/list_changed" }));
  };
};

/** Has had enough: says so under no id, and beside a GET or a prompt in a text. */
const busy: Script = ({ method, message }, response) => {
  const isText = method === "GET" || message.method === "prompts/get";
  const type = isText ? { "content-type": "text/plain" } : JSON_TYPE;
  const text = isText ? "too many" : rpc({ id: null, error: { code: -32000, message: "too many" } });
  response.writeHead(429, { ...type, "retry-after": "7" }).end(text);
};

const dead: Script = ({ message }, response) =>
  void response.writeHead(200, JSON_TYPE).end(rpc({ id: message.id, error: { code: -32602, message: "no" } }));

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted(
    {
      sticky,
      rounds,
      dead,
      forgetful,
      "fat-json": fat(JSON_TYPE, rpc),
      "fat-stream": fat(STREAM_TYPE, sse),
      "single-json": single(JSON_TYPE),
      "single-text": single({ "content-type": "text/plain" }),
      busy,
      other: sticky,
    },
    ["single-json", "single-text", "busy"],
  );
  gateway = await openGateway({ moreServers: servers.servers });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const call = (session: string, more: object = {}) => {
  const { body, headers } = legacy("tools/call", { name: "read", arguments: {} });
  return { body, headers: { ...headers, "mcp-session-id": session }, ...more };
};

describe("a legacy session", () => {
  test("is the server's own inside and sealed outside, with its cookies", async () => {
    const session = await openSession(gateway, "sticky");
    expect(session).not.toContain("inner-1");
    expect((await gateway.send("sticky", call(session))).status).toBe(200);
    const sent = servers.of("sticky", "tools/call").at(-1);
    expect(sent?.headers).toMatchObject({ "mcp-session-id": "inner-1", cookie: "lb=node-7; shard=3" });
  });

  test.each([
    [
      "another principal",
      async (session: string) => call(session, { token: await gateway.stack.token("ci-build", "mcp") }),
      "sticky",
    ],
    ["another server", async (session: string) => call(session), "other"],
    [
      "a changed id",
      async (session: string) => call(`${session.slice(0, -1)}${session.endsWith("A") ? "B" : "A"}`),
      "sticky",
    ],
    ["the server's own id", async () => call("inner-1"), "sticky"],
  ])("is not found for %s", async (_who, forge, server) => {
    const session = await openSession(gateway, "sticky");
    const seen = servers.got.length;
    const answer = await gateway.send(server, await forge(session));
    expect([answer.status, answer.messages[0]?.error?.code]).toEqual([404, 4008]);
    expect(servers.got.length).toBe(seen);
  });

  test("that the server lost is not found, so that the client initializes again", async () => {
    const session = await openSession(gateway, "forgetful");
    const seen = servers.of("forgetful", "tools/call").length;
    expect((await gateway.send("forgetful", call(session))).status).toBe(404);
    expect(servers.of("forgetful", "tools/call").length, "the server itself said so").toBe(seen + 1);
  });

  test.each(["fat-json", "fat-stream"])(
    "whose id is too long to carry is not opened, and the client learns why (%s)",
    async (name) => {
      const { status, headers, messages } = await gateway.send(name, legacy("initialize", {}, 9));
      expect(status).toBe(200);
      expect(headers.get("mcp-session-id")).toBeNull();
      expect(messages[0]).toMatchObject({ id: 9, error: { message: expect.stringMatching(/too long to carry/) } });
      const records = await gateway.records(({ server }) => server === name);
      expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([
        ["call.received", "received"],
        ["call.completed", "unknown"],
      ]);
    },
  );

  test("ends by DELETE, at the server and on record", async () => {
    const session = await openSession(gateway, "sticky");
    const answer = await gateway.send("sticky", { method: "DELETE", headers: { "mcp-session-id": session } });
    expect(answer.status).toBe(200);
    expect(servers.of("sticky", "DELETE").at(-1)?.headers["mcp-session-id"]).toBe("inner-1");
    const records = await gateway.records(({ server, method }) => server === "sticky" && method === "DELETE");
    expect(records.slice(-2).map(({ type, outcome }) => [type, outcome])).toEqual([
      ["call.received", "received"],
      ["call.completed", "accepted"],
    ]);
  });

  test("is not opened by an error", async () => {
    const { headers, messages } = await gateway.send("dead", legacy("initialize"));
    expect(messages[0]?.error?.code).toBe(-32602);
    expect(headers.get("mcp-session-id")).toBeNull();
  });

  test.each(["single-json", "single-text"])(
    "opens its stream again though the server holds the one that its client left (%s)",
    async (name) => {
      const headers = { "mcp-session-id": await openSession(gateway, name) };
      const left = await gateway.open(name, { method: "GET", headers });
      expect(left.status).toBe(200);
      const again = await gateway.open(name, { method: "GET", headers });
      expect([again.status, again.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
      const first = await again.body?.getReader().read();
      expect(new TextDecoder().decode(first?.value)).toContain("list_changed");
      expect(await left.text(), "the older one is over").toContain("list_changed");
      const refused = servers.of(name, "GET").length - 2;
      expect(refused, "the server refused it first").toBeGreaterThanOrEqual(1);
    },
    30_000,
  );

  test("needs its id to be ended, and 2026-07-28 has neither DELETE nor GET", async () => {
    const session = await openSession(gateway, "sticky");
    expect((await gateway.send("sticky", { method: "DELETE" })).status).toBe(405);
    const headers = { "mcp-session-id": session, "mcp-protocol-version": "2026-07-28" };
    expect((await gateway.send("sticky", { method: "DELETE", headers })).status).toBe(405);
    expect((await gateway.send("sticky", { method: "GET", headers })).status).toBe(405);
  });
});

describe("a server's own requestState", () => {
  const first = modern("tools/call", { name: "ask", arguments: { a: 1 } });
  const second = (requestState: string, args = { a: 1 }) =>
    modern(
      "tools/call",
      { name: "ask", arguments: args, requestState, inputResponses: { name: { action: "accept" } } },
      2,
    );

  test.each([
    ["resources/read", { uri: "file:///readme" }],
    ["prompts/get", { name: "p" }],
  ])("goes with each round of %s", async (method, params) => {
    const asked = await gateway.send("rounds", modern(method, params));
    const { requestState } = asked.messages[0]?.result ?? {};
    const answers = { requestState, inputResponses: { name: { action: "accept" } } };
    const done = await gateway.send("rounds", modern(method, { ...params, ...answers }, 2));
    expect(done.messages[0]?.result?.content[0].text).toBe('theirs:1 {"name":{"action":"accept"}}');
    const risky = { requestState, inputResponses: { name: { content: { cmd: "rm -rf /" } } } };
    if (method === "prompts/get")
      expect((await gateway.send("rounds", modern(method, { ...params, ...risky }, 3))).messages[0]?.error?.code).toBe(
        4001,
      );
  });

  test("travels inside ours, and reaches the server as it was", async () => {
    const asked = await gateway.send("rounds", first);
    const state = asked.messages[0]?.result.requestState;
    expect(asked.messages[0]?.result).toMatchObject({ resultType: "input_required", inputRequests: { name: {} } });
    expect(state).not.toContain("theirs");
    const done = await gateway.send("rounds", second(state));
    expect(done.messages[0]?.result.content[0].text).toBe('theirs:1 {"name":{"action":"accept"}}');
  });

  test.each([
    ["other arguments", async (state: string) => second(state, { a: 2 })],
    [
      "another principal",
      async (state: string) => ({ ...second(state), token: await gateway.stack.token("ci-build", "mcp") }),
    ],
    ["the server's own text", async () => second("theirs:1")],
  ])("is worth nothing with %s", async (_what, forge) => {
    const asked = await gateway.send("rounds", first);
    const seen = servers.got.length;
    const answer = await gateway.send("rounds", await forge(asked.messages[0]?.result.requestState));
    expect([answer.status, answer.messages[0]?.error?.code]).toEqual([400, -32602]);
    expect(servers.got.length).toBe(seen);
  });
});

test.each([
  ["a request that it answers with JSON", legacy("tools/call", { name: "t", arguments: {} })],
  ["a request that it answers with a text", legacy("prompts/get", { name: "p" })],
  ["a notification", { body: { jsonrpc: "2.0", method: "notifications/initialized" } }],
  ["a GET", { method: "GET" } as const],
])("a server that wants %s later is heard: 429 with its own Retry-After", async (_what, sent) => {
  const { status, headers } = await gateway.send("busy", sent);
  expect([status, headers.get("retry-after")]).toEqual([429, "7"]);
});

describe("Host and Origin", () => {
  test("of another site are refused, and recorded", async () => {
    const { body, headers } = legacy("ping");
    const answer = await gateway.send("sticky", { body, headers: { ...headers, origin: "https://evil.example" } });
    expect([answer.status, answer.messages[0]?.error?.code]).toEqual([403, 4009]);
    expect((await gateway.records(({ reason }) => reason?.includes("Origin") ?? false)).length).toBe(1);
  });

  test("of another site are refused where a name of it leads here (DNS rebinding)", async () => {
    const { hostname, port } = new URL(gateway.stack.publicUrl);
    const { body, headers } = legacy("ping");
    const foreign = { ...headers, host: "evil.example", authorization: `Bearer ${gateway.developer}` };
    const [answer] = await once(
      request({ hostname, port, path: "/mcp/sticky", method: "POST", headers: foreign }).end(JSON.stringify(body)),
      "response",
    );
    expect([answer.statusCode, await json(answer)]).toMatchObject([403, { error: { code: 4009 } }]);
    expect((await gateway.records(({ reason }) => reason?.includes("Host") ?? false)).length).toBe(1);
  });

  test("of this gateway are accepted", async () => {
    const session = await openSession(gateway, "sticky");
    const { body, headers } = call(session);
    const answer = await gateway.send("sticky", { body, headers: { ...headers, origin: gateway.stack.publicUrl } });
    expect(answer.status).toBe(200);
  });
});
