import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { LocalServer } from "../../local/local-config.ts";
import { closeServer, listen } from "../../local/port.ts";

/** One request as a scripted server got it. */
export interface Got {
  readonly server: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON-RPC message of its body, where there is one. */
  readonly message: Message;
}

export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a test looks at
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a test looks at
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
}

export type Script = (got: Got, response: ServerResponse) => void | Promise<void>;

/** MCP servers whose every answer a test writes itself, behind one port, told apart by path. */
export interface ScriptedServers {
  readonly servers: readonly LocalServer[];
  /** All requests, in order. */
  readonly got: readonly Got[];
  /** What a server was sent under a JSON-RPC method, or by an HTTP method without a body. */
  of(server: string, method: string): readonly Got[];
  stop(): Promise<void>;
}

/** @param pushing names of the servers that keep streams open */
export async function startScripted(
  scripts: Readonly<Record<string, Script>>,
  pushing: readonly string[] = [],
): Promise<ScriptedServers> {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const entry = await read(request);
    got.push(entry);
    await scripts[entry.server]?.(entry, response);
  });
  const port = await listen(server);
  return {
    servers: Object.keys(scripts).map((name) => ({
      name,
      url: `http://127.0.0.1:${port}/${name}`,
      credential: "upstream-credential-77aa",
      push: pushing.includes(name),
    })),
    got,
    of: (name, method) =>
      got.filter((entry) => entry.server === name && (entry.message.method ?? entry.method) === method),
    stop: () => closeServer(server),
  };
}

async function read(request: IncomingMessage): Promise<Got> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  const message = text === "" ? {} : (JSON.parse(text) as Message);
  return {
    server: (request.url ?? "").slice(1),
    method: request.method ?? "",
    headers: request.headers,
    text,
    message,
  };
}

/** What a server of 2025-11-25 answers to `initialize`. */
export const INITIALIZED = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  serverInfo: { name: "scripted", version: "1" },
};
export const JSON_TYPE = { "content-type": "application/json" };
export const STREAM_TYPE = { "content-type": "text/event-stream" };
export const rpc = (message: object) => JSON.stringify({ jsonrpc: "2.0", ...message });
export const sse = (message: object, id?: string) =>
  `event: message\n${id === undefined ? "" : `id: ${id}\n`}data: ${rpc(message)}\n\n`;
export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
