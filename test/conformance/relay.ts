import { type ClientRequest, createServer, type IncomingMessage } from "node:http";
import { closeServer, listen } from "../../local/port.ts";
import { refuseStrangers } from "../../local/servers/guard.ts";
import { pass } from "./pass.ts";

/** A server at one address that stands for another one, which changes from scenario to scenario. */
export interface Relay {
  /** Where the gateway finds it. */
  readonly url: string;
  /** A PUT of a URL makes that the server behind the relay; a DELETE ends what is still open to it. */
  readonly aim: string;
  stop(): Promise<void>;
}

/** @param credential what `Authorization: Bearer` must carry; it goes no further */
export async function startRelay(credential: string): Promise<Relay> {
  let target: URL | undefined;
  const open = new Set<ClientRequest>();
  const server = createServer((request, response) => {
    if (request.url === "/aim" && request.method === "DELETE") {
      for (const onward of open) onward.destroy();
      response.writeHead(204).end();
      return;
    }
    if (request.url === "/aim") {
      void textOf(request).then((text) => {
        target = new URL(text);
        response.writeHead(204).end();
      });
      return;
    }
    if (refuseStrangers(request, response, credential)) return;
    if (target === undefined) response.writeHead(503).end();
    else {
      const { authorization: _spent, ...headers } = request.headers;
      const onward = pass(request, response, { to: target, headers: { ...headers, host: target.host } });
      open.add(onward);
      onward.on("close", () => open.delete(onward));
    }
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  return { url: `${origin}/mcp`, aim: `${origin}/aim`, stop: () => closeServer(server) };
}

/** The whole body, as text. */
export async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}
