import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { closeServer, listen } from "../../local/port.ts";

/** One request that a function made to AWS. */
export interface MeteredRequest {
  /** Name of the function in the house plan. */
  readonly by: string;
  /** As requests are signed for: `dynamodb`, `s3`, `kms`, `events`. */
  readonly service: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: Buffer;
  readonly answer: Buffer;
}

/** Doors before the emulator, one a function, that write down what goes through. */
export interface Meter {
  /** What went through since the last call of `reset`. */
  readonly requests: readonly MeteredRequest[];
  reset(): void;
  /** @returns URL of the function's own door to an endpoint */
  doorOf(by: string, endpoint: string): Promise<string>;
  stop(): Promise<void>;
}

export function createMeter(): Meter {
  const requests: MeteredRequest[] = [];
  const stops: (() => Promise<void>)[] = [];
  return {
    requests,
    reset: () => void requests.splice(0),
    async doorOf(by, endpoint) {
      const server = createServer((request, response) => pass(request, response, endpoint, by, requests));
      server.keepAliveTimeout = 60_000;
      stops.push(() => closeServer(server));
      return `http://127.0.0.1:${await listen(server)}`;
    },
    async stop() {
      for (const end of stops) await end();
    },
  };
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: string,
  by: string,
  into: MeteredRequest[],
) {
  const { hostname, port } = new URL(endpoint);
  const [sent, got]: [Buffer[], Buffer[]] = [[], []];
  const { url: path = "/", method = "", headers } = request;
  const onward = httpRequest({ hostname, port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on("data", (piece: Buffer) => got.push(piece));
    const { statusCode: status = 502 } = answer;
    answer.on("end", () =>
      into.push({ by, ...named(request), method, path, status, body: Buffer.concat(sent), answer: Buffer.concat(got) }),
    );
    answer.pipe(response);
  });
  onward.on("error", () => request.socket.destroy());
  request.on("data", (piece: Buffer) => sent.push(piece));
  request.pipe(onward);
}

/** The service stands in the signature's scope, the operation in the target's header or, for S3, in the method. */
function named({ headers, method = "" }: IncomingMessage): { readonly service: string; readonly operation: string } {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "unsigned";
  const target = String(headers["x-amz-target"] ?? "");
  return { service, operation: target.split(".").at(-1) || method };
}
