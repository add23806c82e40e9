import { digest } from "../domain/json/canonical.ts";
import type { Json } from "../domain/json/json.ts";
import { maskText } from "../domain/masking/index.ts";
import { isObject, type JsonObject } from "../domain/mcp/message.ts";
import { readServerMessage } from "../domain/mcp/server-message.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { sendCall } from "./send.ts";

/** What a tool is, as its server says. */
export interface ToolDefinition {
  /** Hash of name, description, schemas and annotations; empty where the server would not say. */
  readonly digest: string;
  /** Masked, and cut. */
  readonly description: string | null;
}

const UNKNOWN: ToolDefinition = { digest: "", description: null };
/** Pages of the server's list that are looked through. */
const MOST_PAGES = 20;
/** Characters of a description that approvers are shown. */
const LONGEST_DESCRIPTION = 2000;
/** What of a definition an approval is bound to. */
const BOUND = ["name", "title", "description", "inputSchema", "outputSchema", "annotations"];

/** Asks the server what the called tool is: approvers are shown it, and an approval holds for nothing else. */
export async function toolDefinition(call: Call, house: House): Promise<ToolDefinition> {
  if (call.message.method !== "tools/call") return UNKNOWN;
  try {
    const tool = await find(call, house);
    if (tool === undefined) return UNKNOWN;
    const bound = Object.fromEntries(BOUND.flatMap((name) => (tool[name] === undefined ? [] : [[name, tool[name]]])));
    return { digest: digest(bound as Json), description: await shown(tool.description, call, house) };
  } catch {
    // Whoever compares digests finds that they differ, so a server that does not say runs nothing it was not asked for.
    return UNKNOWN;
  }
}

async function find(call: Call, house: House): Promise<JsonObject | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const result = await list(call, cursor, house);
    const tools = Array.isArray(result?.tools) ? result.tools : [];
    const tool = tools.find((entry) => isObject(entry) && entry.name === call.target);
    if (isObject(tool)) return tool;
    if (typeof result?.nextCursor !== "string") return undefined;
    cursor = result.nextCursor;
  }
  return undefined;
}

async function list(call: Call, cursor: string | undefined, house: House): Promise<JsonObject | undefined> {
  const id = `countersign-${house.newId(house.now())}`;
  const { _meta } = call.message.params;
  const params = { ...(cursor === undefined ? {} : { cursor }), ...(call.message.era === "modern" ? { _meta } : {}) };
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

async function shown(description: Json | undefined, call: Call, house: House): Promise<string | null> {
  if (typeof description !== "string") return null;
  return maskText(description, house.masking(call.server), await house.keyedHash()).text.slice(0, LONGEST_DESCRIPTION);
}
