import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { callerToContext } from "../../../lambdas/domain/identity/caller.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { type Buffered, invocation, type Streaming } from "../../../local/api/functions.ts";
import type { ProxyHead } from "../../../local/api/response-head.ts";
import type { LambdaResponseStream } from "../../../local/api/response-stream.ts";
import { eventsOf, type Sent } from "../../support/gateway.ts";
import type { Message } from "../../support/scripted-server.ts";

/** What a function was asked: as API Gateway would, with the caller that the authorizer would have found. */
export interface Asked {
  readonly as: Principal;
  readonly audience: string;
  readonly method: string;
  readonly resource: string;
  readonly path: string;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Told {
  readonly status: number;
  readonly messages: readonly Message[];
  /** The text of the last message's tool result, or the whole body. */
  readonly text: string;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** Seconds that a token lives here: longer than the clock is ever put forward. */
const LIFETIME = 30 * 86_400;

export function eventFor({ as, audience, method, resource, path, id, query, headers, body }: Asked) {
  return {
    httpMethod: method,
    resource,
    path,
    pathParameters: id === undefined ? null : { id: encodeURIComponent(id) },
    queryStringParameters: query ?? null,
    headers: headers ?? {},
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: randomUUID(),
      stage: "live",
      domainName: "gateway.example.com",
      identity: { sourceIp: "127.0.0.1" },
      authorizer: callerToContext({
        principal: as,
        audience,
        expiresAt: Math.floor(Date.now() / 1000) + LIFETIME,
      }),
    },
  } as unknown as APIGatewayProxyEvent;
}

/** Calls a streaming handler as Lambda does, and reads the whole answer. */
export async function stream(handler: Streaming, event: APIGatewayProxyEvent): Promise<Told> {
  const answer = new Collected();
  await handler(event, answer as unknown as LambdaResponseStream, invocation("gateway", 900));
  if (!answer.writableEnded) answer.end();
  const type = Object.entries(answer.head.headers ?? {}).find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const parts =
    type === "text/event-stream" ? eventsOf(answer.text).map(({ data }) => data) : answer.text ? [answer.text] : [];
  const messages = parts.filter(Boolean).map((part) => JSON.parse(part) as Message);
  const said = messages.at(-1)?.result?.content?.[0]?.text;
  return { status: answer.head.statusCode ?? 0, messages, text: typeof said === "string" ? said : answer.text };
}

export async function buffered(handler: Buffered, event: APIGatewayProxyEvent): Promise<Answer> {
  const { statusCode, body } = await handler(event, invocation("approvals", 29));
  return { status: statusCode, body: JSON.parse(body) };
}

/** Headers that a client of either era sends. */
export const withAccept = ({ headers }: Sent) => ({
  accept: "application/json, text/event-stream",
  "content-type": "application/json",
  ...headers,
});

/** Lambda's response stream, for one who wants the whole of it. */
class Collected extends Writable {
  head: ProxyHead = { statusCode: 200, headers: {} };
  text = "";

  setContentType(): void {}

  setPrelude(head: ProxyHead): void {
    this.head = head;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
