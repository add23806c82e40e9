import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";

export interface PassOptions {
  readonly to: URL;
  readonly headers: OutgoingHttpHeaders;
  /** Answers in place of a 401; @default the 401 goes back like any other answer */
  readonly refused?: () => Promise<void>;
}

/** Hands a request on and its answer back, both as they come: nothing is collected, and who leaves is missed at once. */
export function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { to, headers, refused }: PassOptions,
): ClientRequest {
  const onward = httpRequest(to, { method: request.method, headers }, (answer) => {
    if (answer.statusCode === 401 && refused !== undefined) {
      answer.resume();
      refused().catch(() => response.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on("close", () => onward.destroy());
  request.pipe(onward);
  return onward;
}
