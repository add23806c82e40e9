import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { LocalServer } from "../../local/local-config.ts";
import { closeServer, freePort, listen } from "../../local/port.ts";

/** MCP servers that each break the protocol in one way; all but `absent` behind one port, told apart by path. */
export interface BrokenServers {
  readonly servers: readonly LocalServer[];
  /** What every one of them is called with. It must never come out. */
  readonly credential: string;
  readonly port: number;
  /** Requests that a server has seen, cancellations and the gateway's own lists aside. */
  seen(name: string): number;
  /** Cancellations that a server was told. */
  cancelled(name: string): number;
  stop(): Promise<void>;
}

type Breakage = (response: ServerResponse, id: unknown, credential: string) => void;

const JSON_TYPE = { "content-type": "application/json" };
const STREAM_TYPE = { "content-type": "text/event-stream" };
const RESULT = { content: [{ type: "text", text: "well done" }] };
const answer = (id: unknown, result: unknown = RESULT) => JSON.stringify({ jsonrpc: "2.0", id, result });
const event = (message: unknown) => `event: message\ndata: ${JSON.stringify(message)}\n\n`;
const LOG = { jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: "half way" } };
/** What a careless server shows of itself when it fails, the credential included. */
const trace = (credential: string) => `Error: at run (/srv/app/server.js:12:7) Authorization: ${credential}`;

const BREAKAGES = {
  // Bodies that are no message.
  garbage: (response, _id, credential) => response.writeHead(200, JSON_TYPE).end(`%%% ${trace(credential)}`),
  cut: (response, id) => response.writeHead(200, JSON_TYPE).end(answer(id).slice(0, -5)),
  nothing: (response) => response.writeHead(200, JSON_TYPE).end(),
  latin: (response) =>
    response.writeHead(200, JSON_TYPE).end(Buffer.from('{"jsonrpc":"2.0","id":7,"result":"caf\xe9"}', "latin1")),
  html: (response, _id, credential) =>
    response.writeHead(200, { "content-type": "text/html" }).end(`<h1>Welcome</h1><!-- ${trace(credential)} -->`),
  "telling-header": (response, id) =>
    response
      .writeHead(200, { ...JSON_TYPE, "content-encoding": `${"gh"}p_16C7e42F292c6912E7710c838347Ae178B4a` })
      .end(answer(id)),
  untyped: (response) => response.writeHead(200).end("ok"),
  "not-rpc": (response) => response.writeHead(200, JSON_TYPE).end('{"hello":"world"}'),
  // Messages that are no answer to what was asked.
  "wrong-id": (response) => response.writeHead(200, JSON_TYPE).end(answer("somebody else's")),
  "text-id": (response, id) => response.writeHead(200, JSON_TYPE).end(answer(String(id))),
  "stream-text-id": (response, id) => response.writeHead(200, STREAM_TYPE).end(event(JSON.parse(answer(String(id))))),
  "no-outcome": (response, id) => response.writeHead(200, JSON_TYPE).end(JSON.stringify({ jsonrpc: "2.0", id })),
  "two-outcomes": (response, id) =>
    response
      .writeHead(200, JSON_TYPE)
      .end(JSON.stringify({ jsonrpc: "2.0", id, result: RESULT, error: { code: 1, message: "no" } })),
  batch: (response, id) => response.writeHead(200, JSON_TYPE).end(`[${answer(id)}]`),
  accepted: (response) => response.writeHead(202).end(),
  // HTTP that refuses.
  fails: (response, _id, credential) => response.writeHead(500, JSON_TYPE).end(trace(credential)),
  "fails-open": (response, _id, credential) => response.writeHead(500, JSON_TYPE).write(trace(credential)),
  unavailable: (response) => response.writeHead(503, { "retry-after": "120" }).end("come back later"),
  unauthorized: (response, _id, credential) =>
    response.writeHead(401, { "www-authenticate": 'Bearer realm="inside"', ...JSON_TYPE }).end(trace(credential)),
  forbidden: (response, _id, credential) => response.writeHead(403, JSON_TYPE).end(trace(credential)),
  redirect: (response) => response.writeHead(307, { location: "/elsewhere" }).end(),
  "gone-garbage": (response, _id, credential) => response.writeHead(404, JSON_TYPE).end(trace(credential)),
  // Connections that do not do their part.
  hangs: () => undefined,
  drops: (response) => response.destroy(),
  "drops-midway": (response, id) => {
    response.writeHead(200, { ...JSON_TYPE, "content-length": "4000" }).write(answer(id).slice(0, 20));
    setTimeout(() => response.destroy(), 50);
  },
  "body-stalls": (response, id) => response.writeHead(200, JSON_TYPE).write(answer(id).slice(0, 20)),
  "stream-ends": (response) => response.writeHead(200, STREAM_TYPE).end(event(LOG)),
  "stream-stalls": (response) => response.writeHead(200, STREAM_TYPE).write(event(LOG)),
  "stream-garbage": (response, _id, credential) =>
    response.writeHead(200, STREAM_TYPE).end(`event: message\ndata: %%% ${trace(credential)}\n\n`),
  "stream-drops": (response) => {
    response.writeHead(200, STREAM_TYPE).write(event(LOG));
    setTimeout(() => response.destroy(), 50);
  },
  elsewhere: (response, id) => response.writeHead(200, JSON_TYPE).end(answer(id)),
} satisfies Record<string, Breakage>;

/** Name of a server that breaks the protocol; `absent` listens nowhere. */
export type BrokenName = keyof typeof BREAKAGES | "absent";

export async function startBrokenServers(): Promise<BrokenServers> {
  const credential = "upstream-credential-5f2c9e";
  const seen = new Map<string, number>();
  const cancelled = new Map<string, number>();
  const breakages = new Map<string, Breakage>(Object.entries(BREAKAGES));
  const server = createServer(async (request, response) => {
    const name = (request.url ?? "").slice(1);
    const { id, method } = await messageOf(request);
    if (method === "notifications/cancelled") {
      cancelled.set(name, (cancelled.get(name) ?? 0) + 1);
      response.writeHead(202).end();
      return;
    }
    if (!String(id).startsWith("countersign-")) seen.set(name, (seen.get(name) ?? 0) + 1);
    breakages.get(name)?.(response, id, request.headers.authorization ?? "");
  });
  const port = await listen(server);
  const closed = await freePort();
  const place = (name: string, at: number) => ({ name, url: `http://127.0.0.1:${at}/${name}`, credential });
  return {
    servers: [...[...breakages.keys()].map((name) => place(name, port)), place("absent", closed)],
    credential,
    port,
    seen: (name) => seen.get(name) ?? 0,
    cancelled: (name) => cancelled.get(name) ?? 0,
    stop: () => closeServer(server),
  };
}

async function messageOf(request: IncomingMessage): Promise<{ id?: unknown; method?: string }> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString()) as { id?: unknown; method?: string };
}
