import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventsOf, type Gateway, legacy, modern, openGateway, openSession } from "../support/gateway.ts";
import {
  INITIALIZED,
  JSON_TYPE,
  type Message,
  pause,
  rpc,
  type Script,
  type ScriptedServers,
  STREAM_TYPE,
  sse,
  startScripted,
} from "../support/scripted-server.ts";

const note = (data: string) => ({ method: "notifications/message", params: { level: "info", data } });
const done = (id: unknown) => ({ id, result: { content: [{ type: "text", text: "done" }] } });

const initialized = (id: unknown, response: ServerResponse) =>
  void response.writeHead(200, { ...JSON_TYPE, "mcp-session-id": "inner-1" }).end(rpc({ id, result: INITIALIZED }));

/** Talks before it answers `initialize`; what else it is asked tells which session it was told of. */
const herald: Script = ({ message: { id, method }, headers }, response) => {
  const talking = { ...STREAM_TYPE, "mcp-session-id": "inner-2" };
  if (method === "initialize")
    return void response
      .writeHead(200, talking)
      .end(sse(note("one moment, ada@example.com")) + sse({ id, result: INITIALIZED }));
  const text = `session ${headers["mcp-session-id"]}`;
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result: { content: [{ type: "text", text }] } }));
};

/** Begins to answer `initialize` on a stream that could be taken up again, and lets go of it. */
const quitter: Script = ({ message: { params } }, response) => {
  response.writeHead(200, STREAM_TYPE).write("id: ev-1\nretry: 700\ndata: \n\n");
  if (params?.clientInfo.name === "ends") response.end();
  else setTimeout(() => response.destroy(), 50);
};

/** Has one page that a developer may see nothing of, and tells on a stream how it gets the next. */
const librarian: Script = async ({ message: { id, params } }, response) => {
  const { cursor } = params;
  const hidden = { tools: [{ name: "delete_everything" }], nextCursor: cursor === "short" ? "gone" : "next" };
  if (cursor === "next")
    return void response
      .writeHead(200, STREAM_TYPE)
      .end(sse(note("reading on")) + sse({ id, result: { tools: [{ name: "fine" }] } }));
  if (cursor === "gone")
    return void response.writeHead(404, JSON_TYPE).end(rpc({ id: null, error: { code: -32001, message: "gone" } }));
  if (cursor === "late") await pause(1500);
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result: hidden }));
};

/** Takes its time to refuse whoever listens. */
const tardy: Script = async ({ method, message: { id, method: rpcMethod } }, response) => {
  if (rpcMethod === "initialize") return initialized(id, response);
  await pause(1500);
  const refusal = rpc({ id: null, error: { code: -32000, message: "no streams today" } });
  response.writeHead(method === "GET" ? 405 : 400, JSON_TYPE).end(refusal);
};

/** Streams that a test holds open at the server. */
const opened: ServerResponse[] = [];

const talker: Script = async ({ message: { id, method, params } }, response) => {
  if (method === "initialize") return initialized(id, response);
  if (method === "notifications/cancelled") return void response.writeHead(202).end();
  const tool = params?.name;
  if (tool === "slow-json") {
    await pause(2500);
    return void response.writeHead(200, JSON_TYPE).end(rpc(done(id)));
  }
  if (tool === "slow-refusal") {
    await pause(1500);
    return void response
      .writeHead(404, JSON_TYPE)
      .end(rpc({ id: null, error: { code: -32001, message: "Session not found" } }));
  }
  response.writeHead(200, STREAM_TYPE);
  if (tool === "together")
    return void response.end(sse(note("one")) + sse(note("two")) + sse(note("three")) + sse(done(id)));
  if (tool === "apart") {
    response.write(sse(note("one")));
    await pause(1500);
    return void response.end(sse(done(id)));
  }
  if (tool === "drip") {
    const drip = setInterval(() => response.write(sse(note("still here"))), 300);
    response.on("close", () => clearInterval(drip));
    return;
  }
  response.end(sse(done(id)));
};

/** Lets go of the client after a first event, and answers who comes back for it. */
const poller: Script = ({ method, headers, message: { id, method: rpcMethod } }, response) => {
  if (rpcMethod === "initialize") return initialized(id, response);
  response.writeHead(200, STREAM_TYPE);
  if (method === "GET" && headers["last-event-id"] === "ev-1")
    return void response.end(
      sse({ id: 41, result: { tools: [{ name: "delete_everything" }, { name: "fine" }] } }, "ev-2"),
    );
  if (rpcMethod === "tools/list") return void response.end("id: ev-1\nretry: 700\ndata: \n\n");
  response.end();
};

/** Sends nothing, not even a status, to whoever listens. */
const silent: Script = ({ method, message: { id, method: rpcMethod } }, response) => {
  if (rpcMethod === "initialize") return initialized(id, response);
  if (method === "GET") opened.push(response);
  else response.writeHead(202).end();
};

const pusher: Script = ({ method, message: { id, method: rpcMethod } }, response) => {
  if (rpcMethod === "initialize") return initialized(id, response);
  if (method === "GET" || rpcMethod === "subscriptions/listen") {
    response.writeHead(200, STREAM_TYPE).flushHeaders();
    response.write(sse(note(`hello ada@example.com`)));
    opened.push(response);
    return;
  }
  response.writeHead(202).end();
};

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ talker, herald, quitter, librarian, poller, pusher, silent, tardy, mute: pusher }, [
    "pusher",
    "silent",
    "tardy",
  ]);
  gateway = await openGateway({
    moreServers: servers.servers,
    times: { keepAlive: "1s", callTimeout: "4s", listenFor: "4s" },
  });
}, 120_000);

afterAll(async () => {
  for (const response of opened) response.destroy();
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const tool = (name: string, id = 5) => legacy("tools/call", { name, arguments: {} }, id);
const callOf = async (id: string) =>
  (await gateway.records(({ call }) => call === id)).map(({ type, outcome }) => [type, outcome]);

describe("messages on a stream", () => {
  test("that arrive together are recorded together, each leaves as its own event", async () => {
    const { messages } = await gateway.send("talker", tool("together"));
    expect(messages.map(({ params, result }) => params?.data ?? result.content[0].text)).toEqual([
      "one",
      "two",
      "three",
      "done",
    ]);
    const [received] = (
      await gateway.records(
        ({ server, target, type }) => server === "talker" && target === "together" && type === "call.received",
      )
    ).slice(-1);
    const records = await gateway.records(({ call }) => call === received?.call);
    expect(records.map(({ type }) => type)).toEqual(["call.received", "message.relayed", "call.completed"]);
    const bodies = JSON.parse(records[1]?.response?.text ?? "") as { params: { data: string } }[];
    expect(bodies.map(({ params }) => params.data)).toEqual(["one", "two", "three"]);
  });

  test("leave at once, long before the response", async () => {
    const response = await gateway.open("talker", tool("apart"));
    const reader = response.body?.getReader();
    const start = performance.now();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(eventsOf(first)[0]?.data).toContain('"one"');
    let rest = "";
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      rest += new TextDecoder().decode(part.value);
    expect(performance.now() - start, "the response came later").toBeGreaterThan(500);
    expect(rest).toContain(": keep-alive\n\n");
    expect(eventsOf(rest).at(-1)?.data).toContain('"done"');
  });
});

test("what a server says before it answers initialize arrives, as it is on record, and the session opens", async () => {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const { status, headers, messages } = await gateway.send("herald", legacy("initialize", params, 1));
  expect([status, headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  expect(messages.map(({ id, method }) => id ?? method)).toEqual(["notifications/message", 1]);
  expect(messages[0]?.params.data).toBe("one moment, [EMAIL_ADDRESS]");
  const { body, headers: own } = tool("where");
  const session = headers.get("mcp-session-id") ?? "";
  const answer = await gateway.send("herald", { body, headers: { ...own, "mcp-session-id": session } });
  expect(answer.messages[0]?.result.content[0].text).toBe("session inner-2");
  const [received] = await gateway.records(({ server, type }) => server === "herald" && type === "call.received");
  expect(await callOf(received?.call ?? "")).toEqual([
    ["call.received", "received"],
    ["message.relayed", "relayed"],
    ["call.completed", "ok"],
  ]);
});

test.each([
  ["ends", /ended the stream without a response/],
  ["breaks", /broke the connection/],
])("initialize has an outcome when its stream, which nobody can take up again, %s", async (name, says) => {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name, version: "1" } };
  const { status, headers, messages } = await gateway.send("quitter", legacy("initialize", params, 1));
  expect([status, headers.get("mcp-session-id")]).toEqual([200, null]);
  expect(messages).toMatchObject([{ id: 1, error: { code: 4004, message: expect.stringMatching(says) } }]);
  const [received] = (
    await gateway.records(({ server, type }) => server === "quitter" && type === "call.received")
  ).slice(-1);
  expect(await callOf(received?.call ?? "")).toEqual([
    ["call.received", "received"],
    ["call.completed", "unknown"],
  ]);
});

describe("a further page that the gateway pulls", () => {
  const said = ({ id, method, result }: Message) => method ?? [id, result?.tools];

  test.each(["soon", "late"])("brings what its server says before it (first page: %s)", async (cursor) => {
    const { messages } = await gateway.send("librarian", legacy("tools/list", { cursor }, 6));
    expect(messages.map(said)).toEqual(["notifications/message", [6, [{ name: "fine" }]]]);
  });

  test("that is refused under no id leaves the client with a response", async () => {
    const { messages } = await gateway.send("librarian", legacy("tools/list", { cursor: "short" }, 6));
    expect(messages.at(-1)).toMatchObject({ id: 6, error: { code: 4004, message: expect.stringContaining("404") } });
  });
});

describe("a server that takes its time", () => {
  test("keeps a client that reads streams alive, though it answers JSON in the end", async () => {
    const { status, headers, text, messages } = await gateway.send("talker", tool("slow-json"));
    expect([status, headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    expect(text.match(/: keep-alive/g)?.length, "one for each second of silence").toBeGreaterThanOrEqual(2);
    expect(messages.at(-1)).toMatchObject(done(5));
  });

  test.each([
    ["tools/call", { id: 6, result: { isError: true } }],
    ["prompts/get", { id: 6, error: { code: 4004 } }],
  ])("and then refuses %s by its status under no id, leaves the client with a response", async (method, response) => {
    const answer = await gateway.send("talker", legacy(method, { name: "slow-refusal" }, 6));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    expect(answer.messages).toMatchObject([response]);
    expect(answer.text).toContain("refused with HTTP 404");
    const records = await gateway.records(
      ({ type, target, ...record }) =>
        type === "call.completed" && target === "slow-refusal" && record.method === method,
    );
    expect(records).toMatchObject([{ outcome: "refused-by-server" }]);
  });

  test("answers JSON to a client that reads no streams", async () => {
    const { body, headers } = tool("slow-json");
    const answer = await gateway.send("talker", { body, headers: { ...headers, accept: "application/json" } });
    expect([answer.headers.get("content-type"), answer.messages[0]?.id]).toEqual(["application/json", 5]);
  });

  test("is given up in time: a protocol error, a cancelled server, an outcome that says so", async () => {
    const session = await openSession(gateway, "talker");
    const { body, headers } = tool("drip", 77);
    const { messages } = await gateway.send("talker", { body, headers: { ...headers, "mcp-session-id": session } });
    const last = messages.at(-1);
    expect(last).toMatchObject({ id: 77, result: { isError: true } });
    expect(last?.result.content[0].text).toMatch(/The server "talker" did not end within 4 s/);
    const told = servers.of("talker", "notifications/cancelled").at(-1);
    expect(told?.message.params).toMatchObject({ requestId: 77 });
    expect(told?.headers["mcp-session-id"]).toBe("inner-1");
    expect(await callOf(last?.result._meta["dev.countersign/refusal"].call)).toContainEqual([
      "call.completed",
      "cancelled",
    ]);
  });
});

describe("a stream that the server lets go of", () => {
  test("is taken up again where it broke off, and what then comes is filtered and recorded as the answer", async () => {
    const session = await openSession(gateway, "poller");
    const { body, headers } = legacy("tools/list", {}, 41);
    const first = await gateway.send("poller", { body, headers: { ...headers, "mcp-session-id": session } });
    expect(first.messages).toEqual([]);
    expect(first.text).toMatch(/^id: \S+\nretry: 700\ndata: \n\n$/);
    const id = first.events[0]?.id ?? "";
    expect(id).not.toContain("ev-1");

    const resumed = await gateway.send("poller", {
      method: "GET",
      headers: { "mcp-session-id": session, "last-event-id": id },
    });
    expect(resumed.messages[0]).toMatchObject({ id: 41, result: { tools: [{ name: "fine" }] } });
    expect(resumed.messages[0]?.result.tools).toHaveLength(1);
    const [received] = (
      await gateway.records(
        ({ server, method, type }) => server === "poller" && method === "tools/list" && type === "call.received",
      )
    ).slice(-1);
    expect(await callOf(received?.call ?? "")).toEqual([
      ["call.received", "received"],
      ["message.relayed", "detached"],
      ["tool.pinned", "first-use"],
      ["call.completed", "ok"],
    ]);
  });

  test("is taken up with the token that its client got meanwhile", async () => {
    const session = await openSession(gateway, "poller");
    const { body, headers } = legacy("tools/list", {}, 41);
    const first = await gateway.send("poller", { body, headers: { ...headers, "mcp-session-id": session } });
    const token = await gateway.stack.token("developer", "mcp");
    const back = { "mcp-session-id": session, "last-event-id": first.events[0]?.id ?? "" };
    const { status, messages } = await gateway.send("poller", { method: "GET", headers: back, token });
    expect([status, messages[0]?.id]).toEqual([200, 41]);
  });

  test("is not taken up by another principal, nor with an id of the server's own", async () => {
    const session = await openSession(gateway, "poller");
    const { body, headers } = legacy("tools/list", {}, 41);
    const first = await gateway.send("poller", { body, headers: { ...headers, "mcp-session-id": session } });
    const other = await gateway.stack.token("oncall", "mcp");
    const foreign = {
      "mcp-session-id": await openSession(gateway, "poller", other),
      "last-event-id": first.events[0]?.id ?? "",
    };
    expect((await gateway.send("poller", { method: "GET", headers: foreign, token: other })).status).toBe(400);
    const guessed = { "mcp-session-id": session, "last-event-id": "ev-1" };
    expect((await gateway.send("poller", { method: "GET", headers: guessed })).status).toBe(400);
  });
});

describe("what a server says unasked", () => {
  test("is not to be had where the server keeps no streams open", async () => {
    const session = await openSession(gateway, "mute");
    const get = await gateway.send("mute", { method: "GET", headers: { "mcp-session-id": session } });
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
    const listen = await gateway.send(
      "mute",
      modern("subscriptions/listen", { notifications: { toolsListChanged: true } }),
    );
    expect([listen.status, listen.messages[0]?.error?.code]).toEqual([404, -32601]);
  });

  test("may be nothing, not even a status: the client is kept alive all the same", async () => {
    const session = await openSession(gateway, "silent");
    const response = await gateway.open("silent", { method: "GET", headers: { "mcp-session-id": session } });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const start = performance.now();
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(": keep-alive\n\n");
    expect(performance.now() - start, "the silence before the stream began counts").toBeLessThan(700);
    let rest = "";
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      rest += new TextDecoder().decode(part.value);
    expect(eventsOf(rest), "it ends in good time, and nothing was said").toEqual([]);
  });

  test("may be a late refusal under no id, which is told as the response where one is waited for", async () => {
    const asked = modern("subscriptions/listen", { notifications: {} }, "sub-1");
    const { status, text, messages } = await gateway.send("tardy", asked);
    expect([status, messages]).toMatchObject([200, [{ id: "sub-1", error: { code: 4004 } }]]);
    expect(text).toContain("refused with HTTP 400");
    const session = await openSession(gateway, "tardy");
    const get = await gateway.send("tardy", { method: "GET", headers: { "mcp-session-id": session } });
    expect([get.status, get.messages]).toEqual([200, []]);
  });

  test("arrives masked and recorded on a legacy stream, which ends in good time", async () => {
    const session = await openSession(gateway, "pusher");
    const answer = await gateway.send("pusher", { method: "GET", headers: { "mcp-session-id": session } });
    expect(answer.status).toBe(200);
    expect(answer.messages).toMatchObject([note("hello [EMAIL_ADDRESS]")]);
    expect(answer.text).toContain(": keep-alive");
    const records = await gateway.records(({ server, method }) => server === "pusher" && method === "GET");
    expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([
      ["call.received", "received"],
      ["message.relayed", "relayed"],
      ["call.completed", "ended"],
    ]);
  });

  test("arrives on a stream of 2026-07-28, which ends with a complete result", async () => {
    const { messages } = await gateway.send("pusher", modern("subscriptions/listen", { notifications: {} }, "sub-1"));
    expect(messages).toMatchObject([
      note("hello [EMAIL_ADDRESS]"),
      {
        id: "sub-1",
        result: { resultType: "complete", _meta: { "io.modelcontextprotocol/subscriptionId": "sub-1" } },
      },
    ]);
  });

  test("needs the right to read each resource that a client wants to hear of", async () => {
    const wanted = modern("subscriptions/listen", { notifications: { resourceSubscriptions: ["file:///app/.env"] } });
    const { status, messages } = await gateway.send("pusher", wanted);
    expect([status, messages[0]?.error?.code]).toEqual([200, 4001]);
  });

  test("is on as many streams of one caller as the configuration allows: one more ends the oldest", async () => {
    const session = await openSession(gateway, "pusher");
    const get = { method: "GET", headers: { "mcp-session-id": session } } as const;
    const oldest = await gateway.open("pusher", get);
    const others = await Promise.all(Array.from({ length: 10 }, () => gateway.open("pusher", get)));
    expect([oldest, ...others].map(({ status }) => status)).toEqual(Array.from({ length: 11 }, () => 200));
    const row = async () => (await gateway.access.look(gateway.principal)).open.size;
    expect(await row()).toBe(10);
    await Promise.all([oldest, ...others].map((response) => response.text()));
    expect(await row(), "a stream that ended makes room").toBe(0);
  }, 30_000);
});
