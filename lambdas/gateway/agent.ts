import type { Approval } from "../domain/approval/approval.ts";
import type { Json } from "../domain/json/json.ts";
import { type ClientMessage, isObject } from "../domain/mcp/message.ts";

const META_CLIENT_INFO = "io.modelcontextprotocol/clientInfo";
const LONGEST_NAME = 80;
const LONGEST_VERSION = 40;

/** What the program calls itself that sent a message: each one of 2026-07-28 says so, and the `initialize` of a session. */
export function agentIn({ method, params }: ClientMessage): Approval["agent"] {
  const { clientInfo, _meta } = params;
  return agentOf(method === "initialize" ? clientInfo : isObject(_meta) ? _meta[META_CLIENT_INFO] : undefined);
}

/** A `clientInfo` as far as it is kept; null where it has no name. */
export function agentOf(clientInfo: Json | undefined): Approval["agent"] {
  if (!isObject(clientInfo) || typeof clientInfo.name !== "string") return null;
  const version = typeof clientInfo.version === "string" ? clientInfo.version : "";
  return { name: cut(clientInfo.name, LONGEST_NAME), version: cut(version, LONGEST_VERSION) };
}

const cut = (text: string, longest: number) => text.slice(0, longest).toWellFormed();
