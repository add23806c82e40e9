import type { Json } from "../domain/json/json.ts";
import { isObject, type JsonObject } from "../domain/mcp/message.ts";
import { readServerMessage } from "../domain/mcp/server-message.ts";
import { protocolMetaOf } from "../domain/mcp/target.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { sendCall } from "./send.ts";

/** Pages of the server's list that are looked through. */
const MOST_PAGES = 20;

/**
 * Asks a call's server for its tools, in the call's own session and era, page by page. A server that fails says nothing
 * more: whoever needs to know finds the tool missing.
 */
export async function* listTools(call: Call, house: House): AsyncGenerator<readonly Json[]> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const result = await list(call, cursor, house).catch(() => undefined);
    if (!Array.isArray(result?.tools)) return;
    yield result.tools;
    if (typeof result.nextCursor !== "string") return;
    cursor = result.nextCursor;
  }
}

async function list(call: Call, cursor: string | undefined, house: House): Promise<JsonObject | undefined> {
  const id = `countersign-${house.newId(house.now())}`;
  // What a client says of its call is not for this one, and a reason for broken glass for nobody but us.
  const _meta = call.message.era === "modern" ? protocolMetaOf(call.message) : undefined;
  const params = { ...(cursor === undefined ? {} : { cursor }), ...(_meta === undefined ? {} : { _meta }) };
  const text = JSON.stringify({ jsonrpc: "2.0", id, method: "tools/list", params });
  const { "mcp-protocol-version": version } = call.headers;
  const asking: Call = {
    ...call,
    headers: { "mcp-protocol-version": version, "mcp-method": "tools/list" },
    message: { ...call.message, text },
  };
  const { messages } = await sendCall(asking, house);
  for await (const together of messages)
    for (const { text: said } of together) {
      const json = said === undefined ? undefined : readServerMessage(said);
      if (json?.id === id && isObject(json.result)) return json.result;
      if (json?.id === id) return undefined;
    }
  return undefined;
}
