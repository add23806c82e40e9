import { createServer, type ServerResponse } from "node:http";
import type { LocalServer } from "../../../local/local-config.ts";
import { closeServer, listen } from "../../../local/port.ts";
import { INITIALIZED, JSON_TYPE, type Message, pause, rpc, STREAM_TYPE, sse } from "../../support/scripted-server.ts";

/** How the server fails a call that asks for it. */
export type Breakage = "status" | "connection" | "half-way" | "garbage" | "silence";

/** What a call wants of the server; `name` belongs to this call alone. */
export interface Wish {
  readonly name: string;
  readonly leaks?: boolean;
  /** Bytes of the answer beside its words. */
  readonly bytes?: number;
  /** Milliseconds until the answer. */
  readonly takes?: number;
  /** Messages on a stream before the answer, over the time that it takes. */
  readonly events?: number;
  readonly breaks?: Breakage;
  readonly filler?: string;
}

/** An MCP server of both eras that does what each call asks of it, and notes by name alone what it was made to do. */
export interface LoadServer {
  readonly entry: LocalServer;
  /** How often each call came here. */
  readonly runs: ReadonlyMap<string, number>;
  /** Connections of the gateway's. */
  connections(): Promise<number>;
  /** Requests that are being answered. */
  underWay(): number;
  stop(): Promise<void>;
}

/** What it says where it is asked to leak; made up. */
export const SECRET = "password=Xk9-vTq2-LmZ7";
const TOOLS = ["read_config", "create_role", "delete_everything"];

export async function startLoadServer(): Promise<LoadServer> {
  const runs = new Map<string, number>();
  let underWay = 0;
  let sessions = 0;

  const answer = async ({ id, method, params }: Message, response: ServerResponse) => {
    if (id === undefined) return void response.writeHead(202).end();
    const result = (value: object) => rpc({ id, result: { resultType: "complete", ...value } });
    if (method === "initialize")
      return void response
        .writeHead(200, { ...JSON_TYPE, "mcp-session-id": `inner-${sessions++}` })
        .end(rpc({ id, result: INITIALIZED }));
    if (method === "tools/list") {
      const tools = TOOLS.map((name) => ({ name, description: `does ${name}`, inputSchema: { type: "object" } }));
      return void response.writeHead(200, JSON_TYPE).end(result({ tools }));
    }
    const wish = params.arguments as Wish;
    runs.set(wish.name, (runs.get(wish.name) ?? 0) + 1);
    if (wish.breaks !== undefined) return fail(wish.breaks, response);
    const words = `done ${wish.name}${wish.leaks ? ` ${SECRET}` : ""}${"y".repeat(wish.bytes ?? 0)}`;
    const said = { id, result: { resultType: "complete", content: [{ type: "text", text: words }] } };
    if (wish.events === undefined) {
      await pause(wish.takes ?? 0);
      return void response.writeHead(200, JSON_TYPE).end(rpc(said));
    }
    response.writeHead(200, STREAM_TYPE).flushHeaders();
    for (let event = 0; event < wish.events; event += 1) {
      response.write(sse(note(`${wish.name} step ${event}`)));
      await pause((wish.takes ?? 0) / wish.events);
    }
    response.end(sse(said));
  };

  const server = createServer(async (request, response) => {
    underWay += 1;
    response.once("close", () => {
      underWay -= 1;
    });
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    if (request.method === "DELETE") return void response.writeHead(204).end();
    if (request.method === "GET")
      return void response.writeHead(200, STREAM_TYPE).write(sse(note("unasked, and nothing more")));
    await answer(JSON.parse(Buffer.concat(pieces).toString()) as Message, response);
  });
  const port = await listen(server);
  return {
    entry: { name: "load", url: `http://127.0.0.1:${port}/`, credential: "upstream-credential-77aa", push: true },
    runs,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    underWay: () => underWay,
    stop: () => closeServer(server),
  };
}

const note = (data: string) => ({ method: "notifications/message", params: { level: "info", data } });

function fail(how: Breakage, response: ServerResponse): void {
  switch (how) {
    case "status":
      response.writeHead(503, { "retry-after": "1" }).end("come back later");
      return;
    case "connection":
      response.destroy();
      return;
    case "half-way":
      response.writeHead(200, STREAM_TYPE).write(sse(note("half way")));
      setTimeout(() => response.destroy(), 50);
      return;
    case "garbage":
      response.writeHead(200, JSON_TYPE).end("%%% no message");
      return;
    case "silence":
      return;
  }
}
