import { createServer, type Server } from "node:http";
import type { LocalServer } from "../../../local/local-config.ts";
import { closeServer, freePort, listen } from "../../../local/port.ts";

/** One request that asked the server to do something, as the server itself saw it. */
export interface Run {
  /** The argument `name`, which each call of these tests has to itself. */
  readonly name: string;
  readonly tool: string;
  /** Whether it brought answers to what the server had asked. */
  readonly round: number;
  /** Milliseconds since the start of this process. */
  readonly at: number;
}

/** A server that keeps account of what it was made to do, and can be shut for a while. */
export interface AccountingServer {
  readonly entry: LocalServer;
  readonly runs: readonly Run[];
  runsOf(name: string): readonly Run[];
  shut(): Promise<void>;
  open(): Promise<void>;
  stop(): Promise<void>;
}

interface Asked {
  readonly id: unknown;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a test sends
  readonly params?: any;
}

/** What it says where it is asked to leak; made up. */
const SECRET = "password=Xk9-vTq2-LmZ7";

/** @param tools the tools that it lists; without them it answers no question about its tools */
export async function startAccounting(name: string, tools: readonly string[]): Promise<AccountingServer> {
  const runs: Run[] = [];
  const port = await freePort();

  const resultOf = ({ method, params }: Asked): object | undefined => {
    if (method === "initialize")
      return { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name, version: "1" } };
    if (method === "tools/list")
      return tools.length === 0
        ? undefined
        : { tools: tools.map((tool) => ({ name: tool, description: `does ${tool}`, inputSchema: {} })) };
    const { arguments: args, name: tool, inputResponses } = params;
    runs.push({ name: args.name, tool, round: inputResponses === undefined ? 0 : 1, at: performance.now() });
    if (args.asksBack === true && inputResponses === undefined)
      return {
        resultType: "input_required",
        inputRequests: { why: { method: "elicitation/create", params: { message: "Why?", requestedSchema: {} } } },
      };
    const more = [args.leaks === true ? ` ${SECRET}` : "", "y".repeat(args.bytes ?? 0)].join("");
    return { resultType: "complete", content: [{ type: "text", text: `${tool} done ${args.name}${more}` }] };
  };

  const make = (): Server =>
    createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      const asked = JSON.parse(Buffer.concat(pieces).toString() || "{}") as Asked;
      if (asked.id === undefined) return void response.writeHead(202).end();
      const result = resultOf(asked);
      // It did what it was asked to, and says nothing.
      if (asked.params?.arguments?.dies === true) return void request.socket.destroy();
      const said = result === undefined ? { error: { code: -32601, message: "no list" } } : { result };
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id: asked.id, ...said }));
    });

  let server = make();
  await listen(server, port);
  return {
    entry: { name, url: `http://127.0.0.1:${port}/`, credential: "upstream-credential-77aa" },
    runs,
    runsOf: (wanted) => runs.filter((run) => run.name === wanted),
    shut: () => closeServer(server),
    async open() {
      if (server.listening) return;
      server = make();
      await listen(server, port);
    },
    stop: () => closeServer(server),
  };
}
