import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { closeServer, listen } from "../../../local/port.ts";
import { refusalOf } from "./refusals.ts";

/** What can befall one request of AWS. */
export type Fault =
  /** It never gets there. */
  | "lost"
  /** It takes effect, and its answer is lost. */
  | "unanswered"
  | "throttled"
  | "failed"
  /** It takes effect, and its answer takes a while. */
  | "slow"
  /** Nothing comes back, and the connection stays. */
  | "silent"
  /** It takes effect only after who asked has given up. */
  | "late"
  /** Who asks dies before the request leaves. */
  | "dies-before"
  /** Who asks dies after it took effect, and never hears of it. */
  | "dies-after";

export interface Asked {
  /** `PutItem`, `Sign`; for S3 method and path. */
  readonly operation: string;
  /** From 1 on. */
  readonly number: number;
}

/** A request that took effect. */
export interface Done {
  readonly operation: string;
  readonly body: string;
  /** Milliseconds since the start of this process. */
  readonly at: number;
}

/** A door before AWS at which requests meet their faults. */
export interface FaultyProxy {
  readonly url: string;
  /** Requests that came to the door. */
  readonly asked: number;
  /** The request at which who asks died. */
  readonly died: string | undefined;
  /** Settles when who asks dies. */
  readonly death: Promise<void>;
  /** Settles when no request is under way any more, late ones among them. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds that an answer takes when AWS is slow, and after which who asked DynamoDB or KMS has given up. */
const SLOW = 300;
const GIVEN_UP = 3300;

/**
 * @param target URL of the emulator
 * @param faultOf says what befalls a request
 * @param heard hears of each request that took effect, before its answer goes back
 */
export async function startFaultyProxy(
  target: string,
  faultOf: (asked: Asked) => Fault | undefined,
  heard: (done: Done) => void = () => undefined,
): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  const underWay = new Set<Promise<void>>();
  let asked = 0;
  let died: string | undefined;
  const { promise: death, resolve: die } = Promise.withResolvers<void>();

  const onward = (request: IncomingMessage, body: Buffer) =>
    new Promise<{ readonly status: number; readonly headers: IncomingMessage["headers"]; readonly bytes: Buffer }>(
      (resolve, reject) => {
        const headers = { ...request.headers, connection: "close" };
        const options = { hostname, port, path: request.url, method: request.method, headers, agent: false };
        httpRequest(options, async (answer) => {
          const bytes = await whole(answer);
          const status = answer.statusCode ?? 502;
          if (status < 300) heard({ operation: operationOf(request), body: body.toString(), at: performance.now() });
          resolve({ status, headers: answer.headers, bytes });
        })
          .on("error", reject)
          .end(body);
      },
    );

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await whole(request);
    const operation = operationOf(request);
    if (died !== undefined) return void request.socket.destroy();
    asked += 1;
    const fault = faultOf({ operation, number: asked });
    if (fault === "dies-before" || fault === "dies-after") died = operation;
    if (fault === "dies-before") die();
    if (fault === "lost" || fault === "dies-before") return void request.socket.destroy();
    if (fault === "silent") {
      await sleep(GIVEN_UP);
      return void request.socket.destroy();
    }
    if (fault === "throttled" || fault === "failed") {
      const { status, type, text } = refusalOf(fault, request);
      return void response.writeHead(status, { "content-type": type }).end(text);
    }
    if (fault === "late") {
      // S3's clients wait longer than a test can: there the connection breaks, by which they give up as well.
      if (isOfS3(operation)) request.socket.destroy();
      await sleep(GIVEN_UP);
    }
    const { status, headers, bytes } = await onward(request, body);
    if (fault === "dies-after") die();
    if (fault === "slow") await sleep(SLOW);
    if (died !== undefined || fault === "unanswered" || fault === "late") return void request.socket.destroy();
    response.writeHead(status, headers).end(bytes);
  };

  const server = createServer((request, response) => {
    const passing = pass(request, response).catch(() => {
      request.socket.destroy();
      // The emulator itself did not answer: who was to die of its answer dies of that.
      if (died !== undefined) die();
    });
    underWay.add(passing);
    void passing.finally(() => underWay.delete(passing));
  });
  server.keepAliveTimeout = 60_000;
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    get asked() {
      return asked;
    },
    get died() {
      return died;
    },
    death,
    async quiet() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    stop: () => closeServer(server),
  };
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Whether a request is one of S3, which is named by method and path. */
export const isOfS3 = (operation: string): boolean => operation.includes(" ");

/** `DynamoDB_20120810.PutItem`: the operation stands after the point. S3 has none. */
const operationOf = ({ headers, method, url }: IncomingMessage): string =>
  String(headers["x-amz-target"] ?? `${method} ${url}`)
    .split(".")
    .at(-1) ?? "";
