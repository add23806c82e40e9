import type { APIGatewayProxyEvent } from "aws-lambda";
import { sourceOf } from "../api/source.ts";
import type { Arrival } from "../domain/base-url.ts";
import type { RecordSource } from "../domain/evidence/record.ts";
import type { AuthorizerContext } from "../domain/identity/caller.ts";
import type { Headers } from "../domain/mcp/headers.ts";

/** An HTTP request on an MCP path. */
export interface Incoming {
  readonly method: string;
  readonly server: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly authorizer: AuthorizerContext;
  readonly source: RecordSource;
  /** Domain and stage that API Gateway was reached by. */
  readonly arrival: Arrival;
}

/** Reads API Gateway's proxy event. */
export function incomingOf(event: APIGatewayProxyEvent): Incoming {
  const headers: Headers = Object.fromEntries(
    Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { requestContext } = event;
  return {
    method: event.httpMethod,
    // The path below the stage: `/mcp/<server>`.
    server: event.path.replace(/^\/mcp\//, ""),
    headers,
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
    authorizer: requestContext.authorizer,
    arrival: requestContext,
    source: sourceOf(event),
  };
}
