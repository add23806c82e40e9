import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { closeServer, listen } from "./port.ts";

/** A door before an AWS endpoint that tests can shut for those who go through it. */
export interface FaultProxy {
  readonly url: string;
  /** Requests that went through since the start. */
  readonly passed: number;
  /** Every request from now on finds a dead connection. */
  cut(): void;
  /** Lets so many requests through, then cuts; `counts` says which ones count. */
  cutAfter(requests: number, counts?: (operation: string) => boolean): void;
  /** Requests of these operations find a dead connection, all others go through. */
  cutOnly(which: (operation: string) => boolean): void;
  mend(): void;
  stop(): Promise<void>;
}

/** @param target URL that requests go on to */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  let left = Number.POSITIVE_INFINITY;
  let counting: (operation: string) => boolean = () => true;
  let severed: (operation: string) => boolean = () => false;
  let passed = 0;

  const pass = (request: IncomingMessage, response: ServerResponse) => {
    // `DynamoDB_20120810.PutItem`: the operation stands after the point.
    const operation =
      String(request.headers["x-amz-target"] ?? "")
        .split(".")
        .at(-1) ?? "";
    if (left <= 0 || severed(operation)) return request.socket.destroy();
    if (counting(operation)) left -= 1;
    passed += 1;
    const options = { hostname, port, path: request.url, method: request.method, headers: request.headers };
    const onward = httpRequest(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => request.socket.destroy());
    request.pipe(onward);
  };
  const server = createServer(pass);
  server.keepAliveTimeout = 60_000;
  const url = `http://127.0.0.1:${await listen(server)}`;
  const allow = (requests: number, counts: (operation: string) => boolean = () => true) => {
    left = requests;
    counting = counts;
  };
  return {
    url,
    get passed() {
      return passed;
    },
    cut: () => {
      allow(0);
      server.closeAllConnections();
    },
    cutAfter: allow,
    cutOnly: (which) => {
      severed = which;
    },
    mend: () => {
      severed = () => false;
      allow(Number.POSITIVE_INFINITY);
    },
    stop: () => closeServer(server),
  };
}
