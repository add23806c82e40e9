import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createNetServer, type Server as NetServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { LocalServer } from "../../../local/local-config.ts";
import { closeServer, listen } from "../../../local/port.ts";

/** What a faulty server saw of one HTTP request. */
export interface Seen {
  readonly id: unknown;
  readonly method: unknown;
  readonly headers: string;
}

/** Real HTTP servers on loopback, each with one fault of the connection, of HTTP or of the stream. */
export interface FaultyServers {
  readonly servers: readonly LocalServer[];
  readonly credential: string;
  /** Every request that a server saw, whatever came of it. */
  seen(name: string): readonly Seen[];
  /** Bytes that a server could write before the gateway hung up. */
  written(name: string): number;
  stop(): Promise<void>;
}

const JSON_TYPE = { "content-type": "application/json" };
const STREAM_TYPE = { "content-type": "text/event-stream" };
const RESULT = { content: [{ type: "text", text: "well done" }] };
const answer = (id: unknown, result: unknown = RESULT) => JSON.stringify({ jsonrpc: "2.0", id, result });
const failure = (id: unknown) => JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32000, message: "no" } });
const event = (text: string) => `event: message\ndata: ${text}\n\n`;
const LOG = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"half way"}}';
/** More than the gateway reads of one message. */
const TOO_MUCH = 22 * 1024 * 1024;

/** Writes a piece again and again until the connection is gone. */
function forever(response: ServerResponse, piece: string, milliseconds: number): void {
  const timer = setInterval(() => response.write(piece), milliseconds);
  response.on("close", () => clearInterval(timer));
}

/** Writes up to `total` bytes as fast as they are taken. */
function flood(response: ServerResponse, total: number, count: (bytes: number) => void): void {
  const chunk = Buffer.alloc(256 * 1024, "x");
  let left = total;
  const go = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      count(chunk.length);
      if (!response.write(chunk)) {
        response.once("drain", go);
        return;
      }
    }
  };
  go();
}

type HttpFault = (response: ServerResponse, id: unknown, count: (bytes: number) => void) => void;

const HTTP_FAULTS = {
  fine: (response, id) => response.writeHead(200, JSON_TYPE).end(answer(id)),
  // Redirects that other clients follow, some by a GET, some by a second POST.
  moved: (response) => response.writeHead(301, { location: "/elsewhere" }).end(),
  found: (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
  "see-other": (response) => response.writeHead(303, { location: "/elsewhere" }).end(),
  permanent: (response) => response.writeHead(308, { location: "/elsewhere" }).end(),
  choices: (response, id) => response.writeHead(300, JSON_TYPE).end(answer(id)),
  elsewhere: (response, id) => response.writeHead(200, JSON_TYPE).end(answer(id)),
  // Statuses by which other clients try again.
  "proxy-login": (response) => response.writeHead(407, { "proxy-authenticate": "Basic" }).end(),
  slow: (response) => response.writeHead(408, { "retry-after": "0" }).end(),
  early: (response) => response.writeHead(425).end(),
  misdirected: (response) => response.writeHead(421).end(),
  "too-many": (response) => response.writeHead(429, { "retry-after": "0", ...JSON_TYPE }).end(),
  "bad-gateway": (response, id) => response.writeHead(502, STREAM_TYPE).end(event(answer(id))),
  // Refusals that carry a message, or nothing.
  "refuses-event": (response) => response.writeHead(400, STREAM_TYPE).end(event(failure(null))),
  "refuses-empty-stream": (response) => response.writeHead(400, STREAM_TYPE).end(),
  "refuses-own-id": (response, id) => response.writeHead(400, JSON_TYPE).end(failure(id)),
  "refuses-text": (response) => response.writeHead(422, { "content-type": "text/plain" }).end("no"),
  // Statuses without a body.
  "no-content": (response) => response.writeHead(204).end(),
  "reset-content": (response) => response.writeHead(205).end(),
  // Encodings that nobody asked for.
  gzip: (response, id) =>
    response.writeHead(200, { ...JSON_TYPE, "content-encoding": "gzip" }).end(gzipSync(answer(id))),
  "gzip-stream": (response, id) =>
    response.writeHead(200, { ...STREAM_TYPE, "content-encoding": "gzip" }).end(gzipSync(event(answer(id)))),
  // Too much.
  "large-json": (response, _id, count) => {
    response.writeHead(200, JSON_TYPE).write('{"jsonrpc":"2.0","result":"');
    flood(response, TOO_MUCH, count);
  },
  "large-event": (response, _id, count) => {
    response.writeHead(200, STREAM_TYPE).write("event: message\ndata: ");
    flood(response, TOO_MUCH, count);
  },
  "large-comment": (response, _id, count) => {
    response.writeHead(200, STREAM_TYPE).write(": ");
    flood(response, TOO_MUCH, count);
  },
  "large-headers": (response, id) =>
    response.writeHead(200, { ...JSON_TYPE, "x-large": "x".repeat(64 * 1024) }).end(answer(id)),
  // Messages in the wrong order or number.
  "trailing-garbage": (response, id) => response.writeHead(200, JSON_TYPE).end(`${answer(id)} and more`),
  "two-documents": (response, id) => response.writeHead(200, JSON_TYPE).end(`${answer(id)}\n${answer(id)}`),
  "trailing-blanks": (response, id) => response.writeHead(200, JSON_TYPE).end(`\n ${answer(id)}\r\n\r\n`),
  "two-responses": (response, id) =>
    response
      .writeHead(200, STREAM_TYPE)
      .end(event(answer(id)) + event(answer(id, { content: [{ type: "text", text: "second" }] }))),
  "late-notification": (response, id) => response.writeHead(200, STREAM_TYPE).end(event(answer(id)) + event(LOG)),
  "response-then-open": (response, id) => response.writeHead(200, STREAM_TYPE).write(event(answer(id))),
  "foreign-then-own": (response, id) =>
    response.writeHead(200, STREAM_TYPE).end(event(answer("another")) + event(answer(id))),
  // Resets, not closings.
  "reset-at-once": (response) => response.socket?.resetAndDestroy(),
  "reset-json": (response, id) => {
    response.writeHead(200, { ...JSON_TYPE, "content-length": "4000" }).write(answer(id).slice(0, 20));
    setTimeout(() => response.socket?.resetAndDestroy(), 50);
  },
  "reset-stream": (response) => {
    response.writeHead(200, STREAM_TYPE).write(event(LOG));
    setTimeout(() => response.socket?.resetAndDestroy(), 50);
  },
  // Lively, and never done.
  "endless-notifications": (response) => {
    response.writeHead(200, STREAM_TYPE).write(event(LOG));
    forever(response, event(LOG), 400);
  },
  "endless-comments": (response) => {
    response.writeHead(200, STREAM_TYPE).write(":\n\n");
    forever(response, ":\n\n", 300);
  },
  "drip-json": (response) => {
    response.writeHead(200, JSON_TYPE).write("{");
    forever(response, " ", 300);
  },
  "drip-event": (response) => {
    response.writeHead(200, STREAM_TYPE).write("data: ");
    forever(response, "x", 300);
  },
} satisfies Record<string, HttpFault>;

type RawFault = (socket: Socket, id: unknown) => void;

const ok = (body: string, more = "") =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

const RAW_FAULTS = {
  "not-http": (socket) => socket.write("SSH-2.0-OpenSSH_9.9\r\n"),
  "hints-first": (socket, id) =>
    socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n${ok(answer(id))}`),
  "switches-protocol": (socket) =>
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"),
  "endless-hints": (socket) => {
    const timer = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 300);
    socket.on("close", () => clearInterval(timer));
  },
  "drip-headers": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nX-Slow: ");
    const timer = setInterval(() => socket.write("x"), 300);
    socket.on("close", () => clearInterval(timer));
  },
  "bad-chunk": (socket) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
  "two-lengths": (socket, id) =>
    socket.write(ok(answer(id), `Content-Length: ${Buffer.byteLength(answer(id)) + 40}\r\n`)),
  "length-and-chunks": (socket) =>
    socket.write(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ),
  "short-body": (socket, id) => {
    socket.end(ok(`${answer(id)}${" ".repeat(200)}`).slice(0, -150));
  },
} satisfies Record<string, RawFault>;

export type FaultName = keyof typeof HTTP_FAULTS | keyof typeof RAW_FAULTS;

export async function startFaultyServers(): Promise<FaultyServers> {
  const credential = "upstream-credential-71b0aa";
  const requests = new Map<string, Seen[]>();
  const bytes = new Map<string, number>();
  const note = (name: string, seen: Seen) => {
    requests.set(name, [...(requests.get(name) ?? []), seen]);
    return seen;
  };
  const faults = new Map<string, HttpFault>(Object.entries(HTTP_FAULTS));
  const server = createServer(async (request, response) => {
    const name = (request.url ?? "").slice(1);
    const { id, method } = await messageOf(request);
    const seen = note(name, { id, method, headers: JSON.stringify(request.headers) });
    const count = (more: number) => void bytes.set(name, (bytes.get(name) ?? 0) + more);
    // What tells the server that a call is cancelled is not the call.
    if (String(method).startsWith("notifications/")) response.writeHead(202).end();
    else faults.get(name)?.(response, seen.id, count);
  });
  const port = await listen(server);
  const raw = await Promise.all(
    Object.entries(RAW_FAULTS).map(async ([name, fault]) => {
      const { server, port } = await startRaw((socket, message) => {
        const { id, method, head } = message;
        note(name, { id, method, headers: head });
        if (String(method).startsWith("notifications/"))
          socket.end("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        else fault(socket, id);
      });
      return { name, server, port };
    }),
  );
  const place = (name: string, at: number) => ({ name, url: `http://127.0.0.1:${at}/${name}`, credential });
  return {
    servers: [
      ...[...faults.keys()].map((name) => place(name, port)),
      ...raw.map(({ name, port }) => place(name, port)),
    ],
    credential,
    seen: (name) => requests.get(name) ?? [],
    written: (name) => bytes.get(name) ?? 0,
    stop: async () => {
      await closeServer(server);
      for (const one of raw) await one.server.stop();
    },
  };
}

/** One HTTP request as it stood on the wire. */
export interface RawRequest {
  readonly id: unknown;
  readonly method: unknown;
  readonly head: string;
  /** Which request on its connection it is; 1 is the first. */
  readonly turn: number;
}

/** A server that speaks HTTP by hand, so that it can do what a library would not. */
export async function startRaw(
  respond: (socket: Socket, request: RawRequest) => void,
): Promise<{ port: number; server: { stop(): Promise<void> } }> {
  const sockets = new Set<Socket>();
  const server: NetServer = createNetServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    let pending = Buffer.alloc(0);
    let turn = 0;
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const end = pending.indexOf("\r\n\r\n");
        if (end === -1) return;
        const head = pending.subarray(0, end).toString("latin1");
        const length = Number(head.match(/^content-length: *(\d+)/im)?.[1] ?? 0);
        if (pending.length < end + 4 + length) return;
        const { id, method } = JSON.parse(pending.subarray(end + 4, end + 4 + length).toString("utf8") || "{}");
        pending = pending.subarray(end + 4 + length);
        turn += 1;
        respond(socket, { id, method, head, turn });
      }
    });
  });
  const port = await listen(server);
  return { port, server: { stop: () => closeServer(server, sockets) } };
}

async function messageOf(request: IncomingMessage): Promise<{ id?: unknown; method?: unknown }> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString() || "{}");
}
