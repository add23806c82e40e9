import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** What the demo needs of a client, whichever SDK it comes from. */
export interface McpClient {
  readonly name: string;
  listTools(): Promise<{ name: string }[]>;
  callTool(name: string, args?: Record<string, unknown>): Promise<ToolResult>;
  close(): Promise<void>;
}

/** A tool's result as it came. */
export interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly isError?: boolean;
  readonly [key: string]: unknown;
}

const info = { name: "countersign-demo", version: "1.0.0" };
const headersOf = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** The v1 SDK: what most agents have today. */
export async function oldClient(url: string, token: string | undefined): Promise<McpClient> {
  const client = new OldClient(info);
  await client.connect(new OldTransport(new URL(url), { requestInit: { headers: headersOf(token) } }));
  return {
    name: "v1 SDK",
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args = {}) => (await client.callTool({ name, arguments: args })) as unknown as ToolResult,
    close: () => client.close(),
  };
}

/** The v2 SDK, in either era, with its default options otherwise. */
export async function modernClient(
  url: string,
  token: string | undefined,
  era: "legacy" | "2026-07-28",
): Promise<McpClient> {
  const mode = era === "legacy" ? "legacy" : { pin: era };
  const client = new ModernClient(info, { versionNegotiation: { mode } });
  await client.connect(new ModernTransport(new URL(url), { requestInit: { headers: headersOf(token) } }));
  return {
    name: `v2 SDK, ${era}`,
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args = {}) => (await client.callTool({ name, arguments: args })) as unknown as ToolResult,
    close: () => client.close(),
  };
}

/** The text of a result. */
export const textOf = (result: ToolResult) => result.content.map((item) => item.text ?? "").join("\n");
