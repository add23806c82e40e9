import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";

/** An HTTP server that serves nobody but the holder of the credential: as a private MCP server should. */
export function guardedServer(credential: string, listener: RequestListener): Server {
  return createServer((request, response) => {
    if (isHolder(request, credential)) return listener(request, response);
    request.resume();
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: "only the gateway may call this server" }));
  });
}

function isHolder({ headers }: IncomingMessage, credential: string): boolean {
  const given = Buffer.from(headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${credential}`);
  return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted);
}
