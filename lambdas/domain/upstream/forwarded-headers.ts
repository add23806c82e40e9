import type { Headers } from "../mcp/headers.ts";

const ROUTING = ["mcp-method", "mcp-name"];

/**
 * The headers of a client that go to the server. Its token stays here: a gateway must not pass it on (2026-07-28,
 * authorization, "Token passthrough"). An `Mcp-Param-*` that we do not know must be forwarded (transports).
 *
 * Routing headers go on for 2026-07-28 alone, where they were compared with the body: a server that routes on them must
 * not see another call than policy did.
 *
 * @param sessionId the server's own session id, already unsealed
 */
export function forwardedHeaders(
  headers: Headers,
  sessionId: string | undefined,
  era: "modern" | "legacy",
): Record<string, string> {
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    if (value === undefined) return false;
    return (
      name === "mcp-protocol-version" || (era === "modern" && (ROUTING.includes(name) || name.startsWith("mcp-param-")))
    );
  });
  return {
    ...Object.fromEntries(kept),
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(sessionId === undefined ? {} : { "mcp-session-id": sessionId }),
  };
}
