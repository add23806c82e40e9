import { caller, firstByte, post } from "./client.ts";
import { CALL, INITIALIZE, MODERN_CALL, MODERN_HEADERS, SECRET_CALL } from "./messages.ts";
import type { Surroundings } from "./surroundings.ts";

/** The ways to the MCP server that are compared: to it, through an empty proxy, through the gateway. */
export async function routesTo(gateway: string, { mcp, proxy, token }: Surroundings) {
  const bearer = { authorization: `Bearer ${token}` };
  const ops = `${gateway}/mcp/ops`;
  const everything = `${gateway}/mcp/everything`;
  const legacy = { ...bearer, ...(await session(ops, bearer)) };
  return {
    direct: caller(`${mcp}/json`, CALL, {}),
    proxy: caller(`${proxy.ready.url}/json`, CALL, {}),
    gateway: caller(ops, CALL, legacy),
    modern: caller(ops, MODERN_CALL, { ...bearer, ...MODERN_HEADERS }),
    masked: caller(ops, SECRET_CALL, legacy),
    proxyFirstByte: () => firstByte(`${proxy.ready.url}/stream`, CALL, {}),
    gatewayFirstByte: () => firstByte(everything, CALL, bearer),
  };
}

/** Opens a session as a client of 2025 does: its sealed id goes with each call. */
async function session(url: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const answer = await post(url, INITIALIZE, headers);
  const id = answer.headers["mcp-session-id"];
  if (typeof id !== "string") throw new Error(`initialize opened no session: HTTP ${answer.status} ${answer.text}`);
  return { "mcp-session-id": id, "mcp-protocol-version": "2025-06-18" };
}
