import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, legacy, modern, openGateway } from "../support/gateway.ts";
import {
  INITIALIZED,
  JSON_TYPE,
  rpc,
  type Script,
  type ScriptedServers,
  startScripted,
} from "../support/scripted-server.ts";

const NOTICE = "Sessions with this server are recorded.";
const DISCOVERED = {
  supportedVersions: ["2026-07-28"],
  capabilities: {},
  serverInfo: INITIALIZED.serverInfo,
  ttlMs: 0,
  cacheScope: "private",
  resultType: "complete",
};

/** A server that greets with these instructions, in both eras; `tail` is put before the result's end as it is. */
const greeting =
  (instructions: string | undefined, tail = ""): Script =>
  ({ message }, response) => {
    const result =
      message.method === "initialize"
        ? { ...INITIALIZED, ...(instructions === undefined ? {} : { instructions }) }
        : message.method === "server/discover"
          ? { ...DISCOVERED, ...(instructions === undefined ? {} : { instructions }) }
          : { instructions: "not a greeting", content: [] };
    response.writeHead(200, JSON_TYPE).end(rpc({ id: message.id, result }).replace(/\}\}$/, `${tail}}}`));
  };

const initialize = legacy("initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
});

describe.each<[string, string | undefined]>([
  ["with a notice", NOTICE],
  ["without one", undefined],
])("a gateway %s", (_, notice) => {
  let servers: ScriptedServers;
  let gateway: Gateway;
  beforeAll(async () => {
    servers = await startScripted({
      plain: greeting(undefined),
      wordy: greeting("Use it well."),
      twofold: greeting("a", ',"instructions":"b"'),
    });
    gateway = await openGateway({ moreServers: servers.servers, ...(notice === undefined ? {} : { notice }) });
  }, 120_000);
  afterAll(async () => {
    await gateway?.stack.stop();
    await servers?.stop();
  });

  const answers = async (server: string, request: object) => (await gateway.send(server, request)).messages[0];

  test.each([
    ["initialize", initialize],
    ["server/discover", modern("server/discover")],
  ])("says so in the answer to %s, before what the server says itself, and nowhere else", async (_method, request) => {
    const [plain, wordy] = [await answers("plain", request), await answers("wordy", request)];
    if (notice === undefined) {
      expect(plain?.result).not.toHaveProperty("instructions");
      expect(wordy?.result.instructions).toBe("Use it well.");
    } else {
      expect(plain?.result.instructions).toBe(NOTICE);
      expect(wordy?.result.instructions).toBe(`${NOTICE}\n\nUse it well.`);
    }
    const { id: _id, jsonrpc: _version, ...told } = JSON.parse((await gateway.send("wordy", request)).text);
    expect({ ...told.result, instructions: "" }).toEqual({
      ...(_method === "initialize" ? INITIALIZED : DISCOVERED),
      instructions: "",
    });
    expect((await answers("wordy", modern("tools/call", { name: "list_things" })))?.result?.instructions).not.toBe(
      NOTICE,
    );
  });

  test("refuses a greeting that hides the notice from some parsers, and lets it pass where there is none", async () => {
    const { text } = await gateway.send("twofold", initialize);
    if (notice === undefined) expect(text).toContain('"instructions":"a"');
    else expect(text).toContain("two parsers could read in two ways");
  });

  test("is understood by real clients of both eras, and records what they were told", async () => {
    const url = new URL(`${gateway.stack.publicUrl}/mcp/wordy`);
    const requestInit = { headers: { authorization: `Bearer ${gateway.developer}` } };
    const old = new OldClient({ name: "test", version: "1" });
    await old.connect(new OldTransport(url, { requestInit }) as never);
    const modernClient = new ModernClient({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    await modernClient.connect(new ModernTransport(url, { requestInit }));
    for (const client of [old, modernClient]) {
      expect(client.getInstructions()).toBe(notice === undefined ? "Use it well." : `${NOTICE}\n\nUse it well.`);
      await client.close();
    }
    const greeted = await gateway.records(
      ({ type, method, server }) => type === "call.completed" && method === "initialize" && server === "plain",
    );
    expect(greeted[0]?.response?.text?.includes(NOTICE)).toBe(notice !== undefined);
  });
});
