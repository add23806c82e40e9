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

const answers: Script = ({ method, message: { id } }, response) => {
  if (method === "GET") return void response.writeHead(200, STREAM_TYPE).end();
  if (id === undefined) return void response.writeHead(202).end();
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result: { content: [{ type: "text", text: "done" }] } }));
};

let servers: ScriptedServers;
let gateway: Gateway;

// Limits of a day: no minute ends between two calls of a test.
beforeAll(async () => {
  servers = await startScripted({ small: answers, free: answers, pushing: answers }, ["pushing"]);
  const perDay = (count: number) => ({ perMinute: null, perDay: count });
  const limited: Record<string, number> = { small: 3, pushing: 1 };
  gateway = await openGateway({
    moreServers: servers.servers.map((server) => {
      const count = limited[server.name];
      return count === undefined ? server : { ...server, calls: perDay(count) };
    }),
    times: { calls: perDay(8) },
  });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const call = (id: number) => modern("tools/call", { name: "t", arguments: {} }, id);
const reached = (server: string) => servers.got.filter((got) => got.server === server).length;
const untilMidnight = () => Math.ceil((86_400_000 - (Date.now() % 86_400_000)) / 1000);

describe("a principal's calls", () => {
  test("are refused above a server's limit, with a tool result that says when to come back, and recorded", async () => {
    for (const id of [1, 2, 3])
      expect((await gateway.send("small", call(id))).messages[0]?.result?.isError).toBeFalsy();
    const before = reached("small");

    const { status, headers, messages } = await gateway.send("small", call(4));

    expect(reached("small"), "the server saw nothing").toBe(before);
    expect([status, messages[0]?.result?.isError]).toEqual([200, true]);
    const seconds = Number(headers.get("retry-after"));
    expect(Math.abs(seconds - untilMidnight())).toBeLessThan(10);
    expect(messages[0]?.result?.content[0].text).toMatch(
      new RegExp(`3 calls a day to the server "small".*Come back in ${seconds} seconds`),
    );
    expect(messages[0]?.result?._meta["dev.countersign/refusal"]).toMatchObject({
      kind: "overused",
      retryAfterSeconds: seconds,
    });
    const [record] = await gateway.records(({ server, type }) => server === "small" && type === "call.denied");
    expect(record).toMatchObject({
      outcome: "denied",
      reason: 'you reached your limit of 3 calls a day to the server "small"',
      decision: { kind: "allow" },
    });
  });

  test("get a JSON-RPC error where they are no tool calls", async () => {
    const { status, messages } = await gateway.send("small", legacy("tools/list", {}, 5));
    expect([status, messages[0]?.error]).toEqual([
      200,
      {
        code: 4010,
        message: expect.stringMatching(/Come back in \d+/),
        data: expect.objectContaining({ kind: "overused" }),
      },
    ]);
  });

  test("count at no other server's limit, and notifications at none", async () => {
    const body = { jsonrpc: "2.0", method: "notifications/roots/list_changed" };
    const notification = { body, headers: { "mcp-protocol-version": "2025-11-25" } };
    expect((await gateway.send("small", notification)).status).toBe(202);
    expect((await gateway.send("free", call(6))).messages[0]?.result?.isError).toBeFalsy();
  });

  test("get 429 with Retry-After where they open a stream by GET", async () => {
    const open = () => gateway.send("pushing", { method: "GET", headers: { "mcp-protocol-version": "2025-11-25" } });
    expect((await open()).status).toBe(200);
    const { status, headers, messages } = await open();
    expect([status, headers.get("allow"), messages[0]?.error?.code]).toEqual([429, null, 4010]);
    expect(Math.abs(Number(headers.get("retry-after")) - untilMidnight())).toBeLessThan(10);
  });

  test("are refused at every server once all of them together are used up", async () => {
    const { messages } = await gateway.send("free", call(9));
    expect(messages[0]?.result?.content[0].text).toMatch(/limit of 8 calls a day\. Nothing was executed/);
    const { used } = await gateway.access.look(gateway.principal);
    expect([...used].map(([name, count]) => [name.split(":").at(-1), count]).sort()).toEqual([
      ["", 9],
      ["pushing", 2],
      ["small", 5],
    ]);
  });
});
