import type { APIGatewayProxyEvent } from "aws-lambda";
import type { RecordSource } from "../domain/evidence/record.ts";

/** Longest user agent that a record keeps; it is the caller's own word. */
const LONGEST_AGENT = 256;

/** Where a request came from (AU-3 d). */
export function sourceOf({ requestContext, headers }: APIGatewayProxyEvent): RecordSource {
  const agent = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "user-agent")?.[1] ?? "";
  return {
    ip: requestContext.identity.sourceIp,
    userAgent: agent.slice(0, LONGEST_AGENT).toWellFormed(),
    requestId: requestContext.requestId,
  };
}
