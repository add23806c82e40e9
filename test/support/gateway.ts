import { createParser, type EventSourceMessage } from "eventsource-parser";
import { accessTable } from "../../lambdas/aws/access-table.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import type { LocalStack, LocalStackOptions } from "../../local/stack.ts";
import type { Message } from "./scripted-server.ts";

export const MODERN = "2026-07-28";
export const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN,
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** A request of 2026-07-28 with the headers that go with it. */
export function modern(method: string, params: Readonly<Record<string, unknown>> = {}, id: unknown = 1) {
  const name = params.name ?? params.uri;
  return {
    body: { jsonrpc: "2.0", id, method, params: { ...params, _meta: { ...META, ...(params._meta as object) } } },
    headers: {
      "mcp-protocol-version": MODERN,
      "mcp-method": method,
      ...(typeof name === "string" ? { "mcp-name": name } : {}),
    },
  };
}

export const legacy = (method: string, params: object = {}, id: unknown = 1) => ({
  body: { jsonrpc: "2.0", id, method, params },
  headers: { "mcp-protocol-version": "2025-11-25" },
});

export interface Sent {
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: "POST" | "GET" | "DELETE";
  readonly token?: string;
  /** Milliseconds until the test gives up. */
  readonly patience?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly messages: readonly Message[];
  readonly events: readonly EventSourceMessage[];
}

/** A gateway with servers of a test's own, and a developer's token. */
export async function openGateway(options: LocalStackOptions) {
  process.env.POWERTOOLS_LOG_LEVEL ??= "SILENT";
  const { startLocalStack } = await import("../../local/stack.ts");
  const stack: LocalStack = await startLocalStack(options);
  const developer = await stack.token("developer", "mcp");

  const open = (server: string, { body, headers = {}, method = "POST", token = developer, patience = 15_000 }: Sent) =>
    fetch(`${stack.publicUrl}/mcp/${server}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: method === "GET" ? "text/event-stream" : "application/json, text/event-stream",
        ...(method === "POST" ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience),
    });

  const { sub } = JSON.parse(Buffer.from(developer.split(".")[1] ?? "", "base64url").toString()) as { sub: string };

  return {
    stack,
    developer,
    /** The developer's id, and the table that holds its row. */
    principal: `local|${sub}`,
    access: accessTable(stack.environmentOf("gateway")),
    open,
    /** Sends a request and reads the whole answer. */
    async send(server: string, sent: Sent): Promise<Answer> {
      const response = await open(server, sent);
      const text = await response.text();
      const isStream = response.headers.get("content-type") === "text/event-stream";
      const events = isStream ? eventsOf(text) : [];
      const parts = isStream ? events.map(({ data }) => data).filter((data) => data !== "") : text === "" ? [] : [text];
      const messages = parts.map((part) => JSON.parse(part) as Message);
      return { status: response.status, headers: response.headers, text, messages, events };
    },
    /** The records that fit, in the order in which they were written. */
    async records(fits: (record: LedgerRecord) => boolean): Promise<LedgerRecord[]> {
      const all = (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord);
      return all.filter(fits).sort((one, other) => (one.id < other.id ? -1 : 1));
    },
  };
}

export type Gateway = Awaited<ReturnType<typeof openGateway>>;

export function eventsOf(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  parser.feed(text);
  return events;
}

/** Opens a legacy session and gives back its sealed id. */
export async function openSession(gateway: Gateway, server: string, token?: string): Promise<string> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const { headers } = await gateway.send(server, {
    body: { jsonrpc: "2.0", id: 0, method: "initialize", params },
    ...(token === undefined ? {} : { token }),
  });
  const id = headers.get("mcp-session-id");
  if (id === null) throw new Error(`${server} opened no session`);
  return id;
}
