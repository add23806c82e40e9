import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { v1, v122 } from "../clients/support/v1.ts";
import { v2Auto, v2Default } from "../clients/support/v2.ts";
import { type Gateway, openGateway } from "../support/gateway.ts";
import { type ScriptedServers, startScripted } from "../support/scripted-server.ts";
import { MAIL, STRUCTURED_TOOLS, structuredServer, TOKEN } from "./support/structured-tools.ts";

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ structured: structuredServer });
  gateway = await openGateway({ moreServers: servers.servers });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const address = () => ({ url: `${gateway.stack.publicUrl}/mcp/structured`, token: gateway.developer });

/** All that an answer says, whatever of it is in base64. */
function saidBy(result: unknown): string {
  const text = JSON.stringify(result);
  const runs = text.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? [];
  const decoded = runs.flatMap((run) =>
    (["utf8", "utf16le"] as const).map((encoding) => Buffer.from(run, "base64").toString(encoding)),
  );
  return [text, ...decoded].join("\n");
}

test.each(
  STRUCTURED_TOOLS.filter(({ outputSchema }) => outputSchema !== undefined).map((tool) => [tool.name, tool] as const),
)(
  "the server's own answer of %s conforms to its schema, and holds a secret",
  (_, { outputSchema, structuredContent }) => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    expect(ajv.validate(outputSchema ?? {}, structuredContent), ajv.errorsText()).toBe(true);
    expect(saidBy(structuredContent)).toMatch(new RegExp(`${MAIL}|${TOKEN}`));
  },
);

describe.each([v1, v122, v2Default, v2Auto].map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
  test("accepts the masked answer of every tool", async () => {
    const peer = await kind.connect(address());
    try {
      const { tools } = (await peer.ask("tools/list")) as { tools: { name: string }[] };
      expect(tools.map(({ name }) => name)).toEqual(STRUCTURED_TOOLS.map(({ name }) => name));
      for (const { name, asTask, structuredContent } of STRUCTURED_TOOLS) {
        if (asTask) continue;
        const result = await peer.ask("tools/call", { name });
        const said = saidBy(result);
        expect(said, name).not.toContain(MAIL);
        expect(said, name).not.toContain(TOKEN);
        expect(said, name).toMatch(/\[(?:EMAIL_ADDRESS|GITHUB_TOKEN|PASSWORD)\]/);
        if (structuredContent !== undefined) expect(result, name).toHaveProperty("structuredContent");
      }
    } finally {
      await peer.close();
    }
  });
});

test("SDK 1.32 accepts the masked result of a task, which names no tool", async () => {
  const { url, token } = address();
  const client = new Client({ name: "t", version: "1" }, { capabilities: {} });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }) as never,
  );
  try {
    await client.listTools();
    const told: string[] = [];
    const params = { name: "in_a_task", arguments: {} };
    for await (const message of client.experimental.tasks.callToolStream(params, CallToolResultSchema)) {
      told.push(message.type);
      if (message.type === "error") throw message.error;
      if (message.type !== "result") continue;
      expect(message.result.structuredContent).toEqual({
        to: { type: "email", value: "[EMAIL_ADDRESS]" },
        level: "low",
      });
      expect(saidBy(message.result)).not.toContain(MAIL);
    }
    expect(told).toEqual(["taskCreated", "taskStatus", "result"]);
  } finally {
    await client.close();
  }
});
