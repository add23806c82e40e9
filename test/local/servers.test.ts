import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EverythingServer, startEverything } from "../../local/servers/everything.ts";
import { type OpsServer, startOps } from "../../local/servers/ops.ts";
import { SAMPLE } from "../../local/servers/sample-secrets.ts";

const secret = "the-gateway-own-credential";
const requestInit = { headers: { authorization: `Bearer ${secret}` } };
const info = { name: "test", version: "1" };
let ops: OpsServer;
let everything: EverythingServer;
beforeAll(async () => {
  [ops, everything] = await Promise.all([startOps(secret), startEverything(secret)]);
});
afterAll(async () => {
  await Promise.all([ops.stop(), everything.stop()]);
});

const TOOLS = ["create_role", "delete_everything", "list_roles", "read_config", "run_command", "upload_object"];

describe("ops", () => {
  test("serves a v1 client", async () => {
    const client = new OldClient(info);
    await client.connect(new OldTransport(new URL(ops.url), { requestInit }));
    expect((await client.listTools()).tools.map((tool) => tool.name).sort()).toEqual(TOOLS);
    await client.callTool({ name: "create_role", arguments: { name: "old" } });
    const listed = await client.callTool({ name: "list_roles", arguments: {} });
    expect(listed.content).toEqual([{ type: "text", text: '["old"]' }]);
    await client.close();
  });

  test("serves a v2 client on 2026-07-28 and writes every run down", async () => {
    const client = new ModernClient(info, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(new ModernTransport(new URL(ops.url), { requestInit }));
    const before = ops.executions.length;
    const result = await client.callTool({ name: "read_config", arguments: { name: "payments" } });
    expect(ops.executions.slice(before)).toMatchObject([{ tool: "read_config", arguments: { name: "payments" } }]);
    expect(JSON.stringify(result.content)).toContain(SAMPLE.githubToken);
    expect(result.structuredContent).toMatchObject({ replicas: 3, ratio: 0.25, enabled: true, maintainer: null });
    await client.close();
  });
});

test("the sample secrets have the shape of real ones", () => {
  expect(SAMPLE.awsAccessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(SAMPLE.awsSecretAccessKey).toMatch(/^[A-Za-z0-9/+]{40}$/);
  expect(SAMPLE.githubToken).toMatch(/^ghp_[A-Za-z0-9]{36}$/);
});

test("everything serves a v1 client", async () => {
  const client = new OldClient(info);
  await client.connect(new OldTransport(new URL(everything.url), { requestInit }));
  const answer = await client.callTool({ name: "echo", arguments: { message: "hello" } });
  expect(JSON.stringify(answer.content)).toContain("hello");
  await client.close();
});

test("both refuse whoever does not hold the gateway's credential", async () => {
  for (const { url } of [ops, everything])
    for (const headers of [{}, { authorization: "Bearer wrong" }] as Record<string, string>[]) {
      const before = ops.executions.length;
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
      expect((await fetch(url, { method: "POST", headers, body })).status).toBe(401);
      expect(ops.executions).toHaveLength(before);
    }
});
