import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { NodeStreamableHTTPServerTransport, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServer } from "@modelcontextprotocol/server";
import { closeServer, listen } from "../../../local/port.ts";
import { refuseStrangers } from "../../../local/servers/guard.ts";
import { labServer, type Waits } from "./lab-server.ts";

/** A server of both eras at one URL: sessions for 2025, stateless for 2026-07-28. It tells what became of its calls. */
export interface Lab {
  readonly url: string;
  readonly waits: Waits;
  /** Sessions of 2025 that are open. */
  openSessions(): number;
  /** Tells every client that listens that the tools have changed. */
  announce(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param secret what `Authorization: Bearer` must carry
 * @param eras `modern` refuses 2025 as the SDK does
 */
export async function startLab(secret: string, eras: "both" | "modern" = "both"): Promise<Lab> {
  const waits: Waits = { started: 0, cancelled: 0 };
  const modern = createMcpHandler(() => labServer(waits), { legacy: "reject" });
  const answerModern = toNodeHandler(modern);
  const sessions = new Map<string, { transport: NodeStreamableHTTPServerTransport; server: McpServer }>();

  const server = createServer(async (request, response) => {
    if (refuseStrangers(request, response, secret)) return;
    const body = await bodyOf(request);
    const isModern = request.headers["mcp-protocol-version"] === "2026-07-28";
    if (isModern || eras === "modern") void answerModern(request, response, body);
    else await answerLegacy(request, response, body);
  });

  async function answerLegacy(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id)?.transport : undefined;
    if (typeof id === "string" && !known) {
      const error = { code: -32001, message: "Session not found" };
      response
        .writeHead(404, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id: null, error }));
      return;
    }
    const transport = known ?? (await openSession());
    await transport.handleRequest(request, response, body);
  }

  async function openSession(): Promise<NodeStreamableHTTPServerTransport> {
    const server = labServer(waits);
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, { transport, server }),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await server.connect(transport);
    return transport;
  }

  return {
    url: `http://127.0.0.1:${await listen(server)}/mcp`,
    waits,
    openSessions: () => sessions.size,
    async announce() {
      modern.notify.toolsChanged();
      for (const session of sessions.values()) await session.server.server.sendToolListChanged();
    },
    stop: async () => {
      await modern.close();
      await closeServer(server);
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return pieces.length === 0 ? undefined : JSON.parse(Buffer.concat(pieces).toString());
}
