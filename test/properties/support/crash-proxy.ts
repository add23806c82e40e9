import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { closeServer, listen } from "../../../local/port.ts";

/** Which request of one life is struck, and how. */
export interface Strike {
  /** The n-th request, from 1 on. */
  readonly at: number;
  /** `before`: it is lost on its way there. `after`: it took effect, and its answer is lost. */
  readonly when: "before" | "after";
  /** `once`: the next try gets through. `for-good`: nothing gets through after it, as if the function had died. */
  readonly lasts: "once" | "for-good";
}

/** A request that AWS answered, whether or not the answer came through. */
export interface Answered {
  readonly operation: string;
  readonly body: string;
  readonly status: number;
  /** Milliseconds since the start of this process. */
  readonly at: number;
}

/** A door before AWS that loses one chosen request, and remembers what AWS has answered. */
export interface CrashProxy {
  readonly url: string;
  readonly answered: readonly Answered[];
  /** Counts anew from here; null: nothing is struck. */
  arm(strike: Strike | null): void;
  /** What was struck since it was armed; undefined when the requests ended before. */
  readonly struck: string | undefined;
  stop(): Promise<void>;
}

/** @param target URL that requests go on to */
export async function startCrashProxy(target: string): Promise<CrashProxy> {
  const { hostname, port } = new URL(target);
  const answered: Answered[] = [];
  let strike: Strike | null = null;
  let seen = 0;
  let struck: string | undefined;

  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const operation = operationOf(request);
    seen += 1;
    const hit = strike !== null && (seen === strike.at || (strike.lasts === "for-good" && seen > strike.at));
    if (hit) struck ??= operation;
    const takesEffect = strike?.when === "after" && seen === strike.at;
    if (hit && !takesEffect) return request.socket.destroy();
    const headers = { ...request.headers, connection: "close" };
    const options = { hostname, port, path: request.url, method: request.method, headers, agent: false };
    const onward = httpRequest(options, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
      const status = answer.statusCode ?? 502;
      answered.push({ operation, body: body.toString(), status, at: performance.now() });
      if (hit) return void request.socket.destroy();
      response.writeHead(status, answer.headers).end(Buffer.concat(parts));
    });
    onward.on("error", () => request.socket.destroy());
    onward.end(body);
  };
  const server = createServer(
    (request, response) => void pass(request, response).catch(() => request.socket.destroy()),
  );
  server.keepAliveTimeout = 60_000;
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    answered,
    arm(next) {
      strike = next;
      seen = 0;
      struck = undefined;
    },
    get struck() {
      return struck;
    },
    stop: () => closeServer(server),
  };
}

/** `DynamoDB_20120810.PutItem`: the operation stands after the point. S3 has none. */
const operationOf = ({ headers, method, url }: IncomingMessage): string =>
  String(headers["x-amz-target"] ?? `${method} ${url}`)
    .split(".")
    .at(-1) ?? "";
