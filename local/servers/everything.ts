import { request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { startChild } from "../child.ts";
import { closeServer, freePort, listen } from "../port.ts";
import { guardedServer } from "./guarded.ts";

/** A real MCP server that nobody here wrote. */
export interface EverythingServer {
  readonly url: string;
  readonly credential: string;
  stop(): Promise<void>;
}

/** The package listens on all interfaces; this makes any server of its process listen on loopback only. */
const LOOPBACK_ONLY = `import { Server } from "node:net";
const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...rest) {
  return typeof port === "string" || typeof port === "number" ? listen.call(this, Number(port), "127.0.0.1", ...rest) : listen.call(this, port, ...rest);
};`;

/** Starts the package's streamable HTTP server, and before it a front that asks for the credential. */
export async function startEverything(credential: string): Promise<EverythingServer> {
  const inner = await freePort();
  const root = dirname(createRequire(import.meta.url).resolve("@modelcontextprotocol/server-everything/package.json"));
  const preload = `data:text/javascript,${encodeURIComponent(LOOPBACK_ONLY)}`;
  const child = startChild(process.execPath, ["--import", preload, join(root, "dist/index.js"), "streamableHttp"], {
    env: { ...process.env, PORT: String(inner) },
  });
  const front = guardedServer(credential, (request, response) => {
    const { authorization: _, ...headers } = request.headers;
    const onward = httpRequest(
      { host: "127.0.0.1", port: inner, path: request.url, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  await untilListening(inner, child.lastWords);
  const port = await listen(front);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    credential,
    stop: async () => {
      await closeServer(front);
      await child.stop();
    },
  };
}

async function untilListening(port: number, lastWords: () => string): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/mcp`, { method: "GET" });
      return;
    } catch {
      if (Date.now() > end) throw new Error(`server-everything did not start: ${lastWords()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
