import { createServer, request as httpRequest } from "node:http";
import { closeServer, listen } from "../../local/port.ts";

/** What stands between a function's recording door and the emulator. */
export interface EmulatorDoor {
  readonly url: string;
  stop(): Promise<void>;
}

const INVOCATION = /^\/2015-03-31\/functions\/[^/]+\/invocations/;
const LARGE_BODY = /^\/([^/]+)\/bodies\//;

/**
 * Plays what the emulator does not: Lambda's API, behind which the real minter answers, and an S3 that keeps a body and
 * says 503, once for each bucket. Who writes then looks whether it is there.
 *
 * @param endpoint the emulator's URL
 * @param minter answers an invocation
 * @param fails whether S3 does that to this function
 */
export async function startEmulatorDoor(
  endpoint: string,
  minter: (event: unknown) => Promise<unknown>,
  fails: boolean,
): Promise<EmulatorDoor> {
  const { hostname, port } = new URL(endpoint);
  const failed = new Set<string>();
  const server = createServer(async (request, response) => {
    const { url: path = "/", method = "", headers } = request;
    if (INVOCATION.test(path)) {
      let text = "";
      for await (const piece of request) text += piece;
      const answer = JSON.stringify(await minter(JSON.parse(text)));
      return void response.writeHead(200, { "content-type": "application/json" }).end(answer);
    }
    const [, bucket] = method === "PUT" ? (LARGE_BODY.exec(path) ?? []) : [];
    const failing = fails && bucket !== undefined && !failed.has(bucket);
    if (failing) failed.add(bucket);
    const onward = httpRequest({ hostname, port, path, method, headers }, (answer) => {
      if (failing) {
        answer.resume();
        return void answer.on("end", () => response.writeHead(503).end());
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => request.socket.destroy());
    request.pipe(onward);
  });
  server.keepAliveTimeout = 60_000;
  return { url: `http://127.0.0.1:${await listen(server)}`, stop: () => closeServer(server) };
}
