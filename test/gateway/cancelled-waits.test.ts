import { afterAll, beforeAll, expect, test, vi } from "vitest";
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

const iam: Script = ({ message: { id, method, params } }, response) => {
  if (id === undefined) return void response.writeHead(202).end();
  if (method === "initialize")
    return void response
      .writeHead(200, { ...JSON_TYPE, "mcp-session-id": "inner" })
      .end(rpc({ id, result: INITIALIZED }));
  const result =
    method === "tools/list"
      ? { tools: ["create_role", "remove_role"].map((name) => ({ name, inputSchema: {} })) }
      : { content: [{ type: "text", text: `${params?.name} done` }] };
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result }));
};

let servers: ScriptedServers;
let gateway: Gateway;
let desk: ReturnType<typeof approving>;

beforeAll(async () => {
  servers = await startScripted({ iam });
  gateway = await openGateway({ moreServers: servers.servers, times: { holdPlain: "40s" } });
  desk = approving(gateway);
}, 120_000);
afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

/** A client with a session of its own. */
async function client() {
  const session = { "mcp-session-id": await openSession(gateway, "iam") };
  const send = ({ body, headers }: { readonly body: object; readonly headers?: object }) =>
    gateway.send("iam", { body, headers: { ...headers, ...session }, patience: 60_000 });
  return {
    end: () => gateway.send("iam", { method: "DELETE", headers: session }),
    call: (name: string, id: string | number) => send(legacy("tools/call", { name, arguments: {} }, id)),
    cancel: (requestId: unknown) =>
      send({
        ...legacy("notifications/cancelled"),
        body: { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId, reason: "took too long" } },
      }),
  };
}
const textOf = ({ messages }: Awaited<ReturnType<Gateway["send"]>>) =>
  String(messages.at(-1)?.result?.content?.[0]?.text);

test("a held call that its client takes back ends at once, says so on record, and never runs, whatever is decided later", async () => {
  const mine = await client();
  const held = mine.call("create_role", 7);
  const approval = await desk.waiting("create_role");
  expect((await mine.cancel(7)).status).toBe(202);
  const cancelled = Date.now();
  expect(textOf(await held)).toMatch(/cancelled it while it waited/);
  expect(Date.now() - cancelled, "it is held no longer").toBeLessThan(15_000);
  expect((await desk.decide(approval, "approve")).status).toBe(200);
  const [record] = await gateway.records(
    ({ type, reason }) => type === "call.completed" && /cancelled it/.test(reason ?? ""),
  );
  expect(record).toMatchObject({ outcome: "denied", approval: { id: approval } });
  expect(servers.of("iam", "tools/call")).toEqual([]);
  expect(textOf(await mine.call("create_role", 8)), "who calls alike has the approval").toBe("create_role done");
}, 60_000);

test("a session that its client ends takes its held calls along", async () => {
  const mine = await client();
  const held = mine.call("remove_role", "a");
  await desk.waiting("remove_role");
  await mine.end();
  expect(textOf(await held)).toMatch(/cancelled it while it waited/);
  expect(servers.of("iam", "tools/call").filter(({ message }) => message.params.name === "remove_role")).toEqual([]);
}, 60_000);

test("an id that another session uses too, another id and what is no id take nothing back", async () => {
  const [mine, other] = [await client(), await client()];
  const held = mine.call("remove_role", 7);
  const approval = await desk.waiting("remove_role");
  for (const cancel of [
    () => other.cancel(7),
    () => mine.cancel("7"),
    () => mine.cancel(70),
    () => mine.cancel({ id: 7 }),
  ])
    await cancel();
  expect((await desk.decide(approval, "approve")).status).toBe(200);
  expect(textOf(await held)).toBe("remove_role done");
  await vi.waitFor(() => expect(servers.of("iam", "tools/call").at(-1)?.message.params.name).toBe("remove_role"));
}, 60_000);
