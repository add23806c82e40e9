import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../child.ts";
import { closeServer, freePort, listen } from "../port.ts";
import { refuseStrangers } from "./guard.ts";

/** The protocol's own sample server, as published, behind a door that only the gateway's credential opens. */
export interface EverythingServer {
  readonly url: string;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js"));
const LOOPBACK = fileURLToPath(new URL("loopback.cjs", import.meta.url));

/** @param secret what `Authorization: Bearer` must carry */
export async function startEverything(secret: string): Promise<EverythingServer> {
  const port = await freePort();
  const environment = { PATH: process.env.PATH, PORT: String(port) };
  const child = startChild(process.execPath, ["--require", LOOPBACK, PROGRAM, "streamableHttp"], { env: environment });
  await untilListening(port, child);
  const server = createServer((request, response) => {
    if (!refuseStrangers(request, response, secret)) pass(request, response, port);
  });
  const url = `http://127.0.0.1:${await listen(server)}/mcp`;
  return {
    url,
    stop: async () => {
      await closeServer(server);
      await child.stop();
    },
  };
}

function pass(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { authorization: _spent, ...headers } = request.headers;
  const options = { host: "127.0.0.1", port, path: request.url, method: request.method, headers };
  const onward = httpRequest(options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
  });
  onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

async function untilListening(port: number, child: Child): Promise<void> {
  const end = Date.now() + 20_000;
  while (Date.now() < end && child.exitCode() === null) {
    try {
      await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await child.stop();
  throw new Error(`the server "everything" did not start: ${child.lastWords()}`);
}
