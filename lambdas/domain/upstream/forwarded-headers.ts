import { type Headers, isNamedInHeader } from "../mcp/headers.ts";
import type { ClientMessage } from "../mcp/message.ts";

/**
 * The headers of a client that go to the server. Its token stays here: a gateway must not pass it on (2026-07-28,
 * authorization, "Token passthrough"). An `Mcp-Param-*` that we do not know must be forwarded (transports).
 *
 * Routing headers go on for 2026-07-28 alone, where they were compared with the body: a server that routes on them must
 * not see another call than policy did.
 *
 * @param session what the server itself knows the session by, already unsealed
 */
export function forwardedHeaders(
  headers: Headers,
  session: { readonly id: string | undefined; readonly cookies: readonly string[] } | undefined,
  { era, kind, method }: Pick<ClientMessage, "era" | "kind" | "method">,
): Record<string, string> {
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    if (value === undefined) return false;
    if (name === "mcp-protocol-version") return true;
    if (era === "legacy") return false;
    return name === "mcp-method" || name.startsWith("mcp-param-") || (name === "mcp-name" && isNamedInHeader(method));
  });
  return {
    ...Object.fromEntries(kept),
    ...(kind === "listen" || kind === "end" ? {} : { "content-type": "application/json" }),
    accept: kind === "listen" ? "text/event-stream" : "application/json, text/event-stream",
    ...(session?.id === undefined ? {} : { "mcp-session-id": session.id }),
    ...(session === undefined || session.cookies.length === 0 ? {} : { cookie: session.cookies.join("; ") }),
  };
}
