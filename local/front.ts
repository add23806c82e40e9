import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AccessLine } from "../lambdas/refusals/refused-line.ts";
import { authorize } from "./api/authorize.ts";
import { authorizerEvent, proxyEvent, type Request, urlOf } from "./api/event.ts";
import { type Functions, invocation } from "./api/functions.ts";
import { matchRoute } from "./api/match.ts";
import { writeHead } from "./api/response-head.ts";
import { LambdaResponseStream } from "./api/response-stream.ts";
import { closeServer, listen } from "./port.ts";
import type { GatewayResponse, Route } from "./routes.ts";

const MAX_BODY = 10 * 1024 * 1024;
const STREAMING_SECONDS = 15 * 60;
const BUFFERED_SECONDS = 29;

/** The REST API as the template declares it. */
export interface Api {
  readonly stage: string;
  readonly routes: readonly Route[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

/** The stand-in for API Gateway. It listens first, because configuration needs its URL, and serves once it knows the API. */
export interface Front {
  readonly url: string;
  /** @param accessed hears of every 401 and 403, as the access log tells it */
  serve(api: Api, functions: Functions, accessed?: (line: AccessLine) => void): void;
  stop(): Promise<void>;
}

/**
 * @param port 0 for any free one
 * @param report hears of handlers that crashed, which the client is not told
 */
export async function startFront(port = 0, report: (cause: unknown) => void = () => undefined): Promise<Front> {
  let serving: { api: Api; functions: Functions; accessed: (line: AccessLine) => void } | null = null;
  const server = createServer((incoming, response) => {
    if (!serving) return answer(response, 503, "Starting");
    handle(incoming, response, serving.api, serving.functions, serving.accessed).catch((cause: unknown) => {
      report(cause);
      if (response.headersSent) response.destroy();
      else answer(response, 502, "Internal server error");
    });
  });
  server.requestTimeout = 0;
  const url = `http://127.0.0.1:${await listen(server, port)}`;
  return {
    url,
    serve: (api, functions, accessed = () => undefined) => {
      serving = { api, functions, accessed };
    },
    stop: () => closeServer(server),
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  api: Api,
  functions: Functions,
  accessed: (line: AccessLine) => void,
): Promise<void> {
  const match = matchRoute(api.routes, incoming.method ?? "GET", urlOf(incoming).pathname);
  if (!match)
    return gatewayResponse(api, response, "MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token");
  const body = await read(incoming);
  if (!body) return gatewayResponse(api, response, "REQUEST_TOO_LARGE", 413, "Request Too Long");
  const request = proxyEvent(incoming, body, match, api.stage);
  const came = { authorizerLatency: "-", integrationStatus: "-" };
  response.on("finish", () => {
    const status = String(response.statusCode);
    if (status === "401" || status === "403") accessed(accessLine(request, response, { status, ...came }));
  });
  if (match.route.authorized) {
    if (!incoming.headers.authorization) return gatewayResponse(api, response, "UNAUTHORIZED", 401, "Unauthorized");
    const call = () => functions.authorizer(authorizerEvent(request), invocation("authorizer", 10));
    came.authorizerLatency = "1";
    const verdict = await authorize(call, request.methodArn);
    if (verdict.kind === "unauthorized") return gatewayResponse(api, response, "UNAUTHORIZED", 401, "Unauthorized");
    if (verdict.kind === "denied")
      return gatewayResponse(
        api,
        response,
        "ACCESS_DENIED",
        403,
        "User is not authorized to access this resource",
        verdict.context,
      );
    if (verdict.kind === "failed") return gatewayResponse(api, response, "AUTHORIZER_FAILURE", 500, null);
    request.event.requestContext.authorizer = verdict.context;
  }
  came.integrationStatus = "200";
  await invoke(match.route, request, response, functions);
}

const accessLine = (
  { event }: Request,
  response: ServerResponse,
  own: Pick<AccessLine, "status" | "authorizerLatency" | "integrationStatus">,
): AccessLine => ({
  requestId: event.requestContext.requestId,
  ip: event.requestContext.identity.sourceIp,
  httpMethod: event.httpMethod,
  resourcePath: event.resource,
  responseType: String(response.getHeader("x-amzn-errortype") ?? "-"),
  ...own,
});

async function invoke(
  { service, streaming }: Route,
  { event }: Request,
  response: ServerResponse,
  functions: Functions,
): Promise<void> {
  if (streaming) {
    const handler = functions.streaming[service];
    if (!handler) throw new Error(`there is no streaming function ${service}`);
    const stream = new LambdaResponseStream(response);
    await handler(event, stream, invocation(service, STREAMING_SECONDS));
    if (!stream.writableEnded) stream.end();
    return;
  }
  const handler = functions.buffered[service];
  if (!handler) throw new Error(`there is no function ${service}`);
  const result = await handler(event, invocation(service, BUFFERED_SECONDS));
  if (typeof result?.statusCode !== "number") throw new Error(`${service} did not answer as a proxy integration must`);
  writeHead(response, result);
  response.end(Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8"));
}

/** Reads the body, or gives null when it is longer than API Gateway takes. */
async function read(incoming: IncomingMessage): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= MAX_BODY) pieces.push(piece);
  }
  return size <= MAX_BODY ? Buffer.concat(pieces) : null;
}

function gatewayResponse(
  api: Api,
  response: ServerResponse,
  type: string,
  status: number,
  message: string | null,
  authorizer: Readonly<Record<string, string>> = {},
): void {
  const family = status >= 500 ? "DEFAULT_5XX" : "DEFAULT_4XX";
  const custom = api.gatewayResponses.get(type) ?? api.gatewayResponses.get(family);
  for (const [name, value] of Object.entries(custom?.headers ?? {})) response.setHeader(name, value);
  const quoted = JSON.stringify(message);
  const text = custom?.body
    .replaceAll("$context.error.messageString", quoted)
    .replaceAll(/\$context\.authorizer\.(\w+)/g, (_, name: string) => authorizer[name] ?? "");
  const body = text || JSON.stringify({ message });
  answer(response, custom?.statusCode || status, body, type);
}

function answer(response: ServerResponse, status: number, text: string, type?: string): void {
  const body = type === undefined ? JSON.stringify({ message: text }) : text;
  if (type) response.setHeader("x-amzn-errortype", type);
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
