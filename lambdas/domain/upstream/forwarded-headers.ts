import type { Headers } from "../mcp/headers.ts";

const FORWARDED = ["mcp-protocol-version", "mcp-method", "mcp-name"];

/**
 * The headers of a client that go to the server. Its token stays here: a gateway must not pass it on (2026-07-28,
 * authorization, "Token passthrough"). An `Mcp-Param-*` that we do not know must be forwarded (transports).
 *
 * @param sessionId the server's own session id, already unsealed
 */
export function forwardedHeaders(headers: Headers, sessionId: string | undefined): Record<string, string> {
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    return value !== undefined && (FORWARDED.includes(name) || name.startsWith("mcp-param-"));
  });
  return {
    ...Object.fromEntries(kept),
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(sessionId === undefined ? {} : { "mcp-session-id": sessionId }),
  };
}
