import { HEADER_MISMATCH, META_PROTOCOL_VERSION, MODERN_REVISION } from "./constants.ts";
import { type ClientMessage, isObject } from "./message.ts";
import { ProtocolRefusal } from "./refusal.ts";
import { targetOf } from "./target.ts";

/** Methods whose target is mirrored in Mcp-Name. */
const NAMED_IN_HEADER = ["tools/call", "prompts/get", "resources/read"];

/** Request headers with names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Compares the routing headers of 2026-07-28 with the body: whoever decides on one and forwards the other can be
 * fooled. Legacy messages must not claim a modern revision in the header.
 *
 * @throws ProtocolRefusal -32020 with HTTP 400 (2026-07-28, transports, "Server Validation")
 */
export function checkHeaders(message: ClientMessage, headers: Headers): void {
  const version = headers["mcp-protocol-version"];
  const refuse = (what: string): never => {
    throw new ProtocolRefusal(400, HEADER_MISMATCH, what, message.id);
  };
  if (message.era === "legacy") {
    if (version === MODERN_REVISION && message.kind === "request")
      refuse(`MCP-Protocol-Version says ${MODERN_REVISION} but the body has no _meta["${META_PROTOCOL_VERSION}"]`);
    return;
  }
  const meta = isObject(message.params._meta) ? message.params._meta : {};
  if (version !== meta[META_PROTOCOL_VERSION]) refuse("MCP-Protocol-Version is missing or differs from the body");
  if (headers["mcp-method"] !== message.method) refuse("Mcp-Method is missing or differs from the body");
  const target = NAMED_IN_HEADER.includes(message.method) ? targetOf(message) : "";
  if (target !== "" && decodeHeader(headers["mcp-name"]) !== target)
    refuse("Mcp-Name is missing or differs from the body");
}

/** Header values outside ASCII travel as `=?base64?...?=` (2026-07-28, transports). */
function decodeHeader(value: string | undefined): string | undefined {
  const encoded = value?.match(/^=\?base64\?([A-Za-z0-9+/=]*)\?=$/)?.[1];
  return encoded === undefined ? value : Buffer.from(encoded, "base64").toString("utf8");
}
