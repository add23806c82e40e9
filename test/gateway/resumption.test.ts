import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { v1 } from "../clients/support/v1.ts";
import { v2Auto, v2Default } from "../clients/support/v2.ts";
import { type Gateway, legacy, openGateway, openSession } from "../support/gateway.ts";
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
import { MAIL, STRUCTURED_TOOLS, structuredServer, TOKEN } from "./support/structured-tools.ts";

const note = (data: string) => ({ method: "notifications/message", params: { level: "info", data } });
const done = (text: string) => ({ id: 41, result: { content: [{ type: "text", text }] } });
const primed = (event: string) => `id: ${event}\nretry: 50\ndata: \n\n`;

const initialized = (id: unknown, response: ServerResponse) =>
  void response.writeHead(200, { ...JSON_TYPE, "mcp-session-id": "inner-1" }).end(rpc({ id, result: INITIALIZED }));

type Fault = (response: ServerResponse) => unknown;
const streaming =
  (body: string | Buffer): Fault =>
  (response) =>
    response.writeHead(200, STREAM_TYPE).end(body);

/** What a server says to who comes back, by the event that its client saw last. */
const FAULTS: Readonly<Record<string, Fault>> = {
  "another-id": streaming(sse({ id: 42, result: { prompts: [] } })),
  "no-json": streaming("data: hello\n\n"),
  "name-twice": streaming('data: {"jsonrpc":"2.0","id":41,"result":{"prompts":[],"prompts":[]}}\n\n'),
  "no-utf-8": streaming(Buffer.from("data: caf\xe9\n\n", "latin1")),
  silence: (response) => response.writeHead(200, STREAM_TYPE).flushHeaders(),
  nothing: () => undefined,
  breaks: (response) => {
    response.writeHead(200, STREAM_TYPE).flushHeaders();
    setTimeout(() => response.destroy(), 50);
  },
};

const faulty: Script = ({ method, headers, message }, response) => {
  if (message.method === "initialize") return initialized(message.id, response);
  if (method === "GET") return void FAULTS[String(headers["last-event-id"])]?.(response);
  if (message.method === "prompts/list")
    return void response.writeHead(200, STREAM_TYPE).end(primed(message.params.cursor));
  response.writeHead(202).end();
};

const LINES = [
  "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
  "MSTriedToBeQuietAndSaidItAllTheSameInOneLongLineOfLettersAndNoDigit",
];
const OPENS = sse(note(`-----BEGIN PRIVATE KEY-----\n${LINES[0]}`), "opens");
const CLOSES = sse(note(`${LINES[1]}\n-----END PRIVATE KEY-----`), "closes");

/** Begins a key in one event and ends it in the next, and lets go of the client behind both. */
const keyring: Script = ({ method, headers, message: { id, method: rpcMethod } }, response) => {
  if (rpcMethod === "initialize") return initialized(id, response);
  response.writeHead(200, STREAM_TYPE);
  if (method === "POST") return void response.end(OPENS + CLOSES);
  const rest = headers["last-event-id"] === "opens" ? CLOSES : "";
  response.end(rest + sse(done(`${LINES[1]} is no key`)));
};

/** Serves the structured tools to those who come back for their answers. */
function structuredPoller(): Script {
  const asked = new Map<unknown, Parameters<Script>[0]>();
  return (got, response) => {
    const { id, method } = got.message;
    if (method === "tools/call") {
      asked.set(`call-${id}`, got);
      return void response.writeHead(200, STREAM_TYPE).end(primed(`call-${id}`));
    }
    const earlier = asked.get(got.headers["last-event-id"]);
    if (got.method === "GET" && earlier === undefined) return void response.writeHead(405).end();
    if (earlier === undefined) return structuredServer(got, response);
    const end = (text: string) => response.writeHead(200, STREAM_TYPE).end(`data: ${text}\n\n`);
    return structuredServer(earlier, { writeHead: () => ({ end }) } as unknown as ServerResponse);
  };
}

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ faulty, keyring, structured: structuredPoller() });
  gateway = await openGateway({ moreServers: servers.servers, times: { keepAlive: "1s", callTimeout: "3s" } });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

/** Asks, and comes back for what follows the first event, or the one at this place. */
async function comeBack(server: string, { body, headers }: ReturnType<typeof legacy>, at = 0) {
  const session = { "mcp-session-id": await openSession(gateway, server) };
  const first = await gateway.send(server, { body, headers: { ...headers, ...session } });
  const event = first.events[at]?.id ?? "";
  const back = { method: "GET", headers: { ...session, "last-event-id": event } } as const;
  return { first, ...(await gateway.send(server, back)) };
}

/** The records of the latest call of a method and of the latest GET at a server. */
async function told(server: string, method: string) {
  const records = await gateway.records((record) => record.server === server);
  const of = (each: string) => {
    const last = records.findLast((record) => record.method === each && record.type === "call.received")?.call;
    return records.filter(({ call }) => call === last).map(({ type, outcome }) => [type, outcome]);
  };
  return { call: of(method), get: of("GET") };
}

const LET_GO = [
  ["call.received", "received"],
  ["message.relayed", "detached"],
];
const ENDED = [
  ["call.received", "received"],
  ["call.completed", "ended"],
];

describe("what a server says on a stream that was taken up again", () => {
  test.each([
    ["another-id", /another JSON-RPC id/],
    ["no-json", /not JSON/],
    ["name-twice", /in two ways/],
    ["no-utf-8", /not UTF-8/],
  ])("and cannot be handed over is the end of the call: %s", async (cursor, says) => {
    const { status, messages } = await comeBack("faulty", legacy("prompts/list", { cursor }, 41));
    expect(status).toBe(200);
    expect(messages).toMatchObject([{ id: 41, error: { code: 4004, message: expect.stringMatching(says) } }]);
    expect(await told("faulty", "prompts/list")).toEqual({
      call: [...LET_GO, ["call.completed", "unknown"]],
      get: ENDED,
    });
  });

  test.each([
    ["silence", "with a status and no more"],
    ["nothing", "without even a status"],
  ])("is waited for within a call's time: %s, %s", async (cursor) => {
    const { messages } = await comeBack("faulty", legacy("prompts/list", { cursor }, 41));
    expect(messages).toMatchObject([
      { id: 41, error: { code: 4004, message: expect.stringMatching(/did not end within 3 s/) } },
    ]);
    expect(await told("faulty", "prompts/list")).toEqual({
      call: [...LET_GO, ["call.completed", "cancelled"]],
      get: ENDED,
    });
    const cancelled = servers.of("faulty", "notifications/cancelled").at(-1);
    expect(cancelled?.message.params).toMatchObject({ requestId: 41 });
  });

  test("and breaks off can be come back for once more: nothing is known of the call for good", async () => {
    const { messages } = await comeBack("faulty", legacy("prompts/list", { cursor: "breaks" }, 41));
    expect(messages).toEqual([]);
    expect(await told("faulty", "prompts/list")).toEqual({
      call: [...LET_GO, ["message.relayed", "detached"]],
      get: ENDED,
    });
  });

  test("keeps no client of SDK 1.32 coming back for ever", async () => {
    const peer = await v1.connect({ url: `${gateway.stack.publicUrl}/mcp/faulty`, token: gateway.developer });
    try {
      const before = servers.of("faulty", "GET").length;
      await expect(peer.ask("prompts/list", { cursor: "another-id" })).rejects.toThrow(/another JSON-RPC id/);
      expect(servers.of("faulty", "GET").filter(({ headers }) => headers["last-event-id"]).length).toBeGreaterThan(0);
      expect(servers.of("faulty", "GET").length).toBe(before + 1);
    } finally {
      await peer.close();
    }
  });
});

describe("a private key that was open where the stream broke off", () => {
  const call = legacy("tools/call", { name: "key", arguments: {} }, 41);
  const LAST = `${LINES[1]} is no key`;

  test("is masked to its end", async () => {
    const { first, messages } = await comeBack("keyring", call);
    expect(first.text).not.toMatch(new RegExp(LINES.join("|")));
    expect(messages.map(({ params, result }) => params?.data ?? result.content[0].text)).toEqual([
      expect.stringMatching(/^\[PRIVATE_KEY\]$/),
      LAST,
    ]);
  });

  test("and was closed by the event that the client saw last, masks nothing more", async () => {
    const { messages } = await comeBack("keyring", call, 1);
    expect(messages).toMatchObject([done(LAST)]);
  });
});

describe.each([v1, v2Default, v2Auto].map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
  test("accepts the masked answer of every tool that it came back for", async () => {
    const peer = await kind.connect({ url: `${gateway.stack.publicUrl}/mcp/structured`, token: gateway.developer });
    try {
      await peer.ask("tools/list");
      for (const { name, asTask, structuredContent } of STRUCTURED_TOOLS) {
        if (asTask || structuredContent === undefined) continue;
        const result = await peer.ask("tools/call", { name });
        expect(result, name).toHaveProperty("structuredContent");
        expect(JSON.stringify(result), name).not.toContain(MAIL);
        expect(JSON.stringify(result), name).not.toContain(TOKEN);
      }
    } finally {
      await peer.close();
    }
  });
});
